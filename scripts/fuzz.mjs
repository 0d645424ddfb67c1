// npm run fuzz [-- COUNT [SEED]]: random and mutated Caddyfiles through every reader of the language. Whatever comes,
// nothing may be thrown but a SupervisorError, nothing may take long, and formatting may change no word and nothing
// the second time. A failure is printed with its seed and path, for `npm run fuzz -- COUNT SEED`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import fc from "fast-check";
import { build, root } from "./setup.mjs";

/** Well above what any of the short inputs takes, well below what a person would wait. */
const longestMs = 2_000;

await build();
const { format, parse, tokenize } = await import("../dist/caddyfile/index.js");
const { adapt, SupervisorError } = await import("../dist/index.js");

const [count = 100_000, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const vectors = ["caddyfile", "format"].flatMap((name) =>
  readFileSync(join(root, "test", "golden", "vectors", `${name}.jsonl`), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))
    .map((vector) => vector.caddyfile ?? vector.input),
);

/** Pieces whose neighbourhood matters. */
const scrap = fc.constantFrom(
  ..."{ } {} a b {{ }} }} . , \\ \" ` # < << <<< <<E E ' (s) &(r) @m import s supervisor é 🎉 {block} {blocks.x}".split(
    " ",
  ),
  ...[
    "{args[0]}",
    "{args[:]}",
    "{args[1:]}",
    "{args[-1]}",
    "{args.0}",
    "{$X}",
    "{$Y:d}",
    "{$",
    "replicas",
    "env",
  ],
  ...[
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "\r",
    "\r\n",
    "\\\n",
    "# c",
    "\ufeff",
    "\u00a0",
    "\u2028",
    "\0",
    "\ud800",
  ],
);
const scraps = fc.array(scrap, { maxLength: 24 }).map((parts) => parts.join(""));
/** A real one with some pieces cut out, put in or taken from another. */
const mutated = fc
  .tuple(
    fc.constantFrom(...vectors),
    fc.constantFrom(...vectors),
    fc.array(fc.tuple(fc.nat(), fc.nat(6), fc.oneof({ weight: 4, arbitrary: scrap }, fc.nat())), {
      minLength: 1,
      maxLength: 5,
    }),
  )
  .map(([text, other, changes]) =>
    changes.reduce((current, [position, cut, put]) => {
      const at = position % (current.length + 1);
      const from = typeof put === "number" ? put % (other.length + 1) : 0;
      const piece = typeof put === "number" ? other.slice(from, from + 20) : put;
      return current.slice(0, at) + piece + current.slice(at + cut);
    }, text),
  );
const inputs = fc.oneof(
  { weight: 4, arbitrary: mutated },
  { weight: 3, arbitrary: scraps },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
);

const env = { X: 'x "{\n', Y: "" };
const memory = {
  read: () => Buffer.from("a {args[0]}\nimport f\n"),
  kind: () => "file",
  exists: () => true,
  list: () => ["f"],
};
const options = { env, cwd: "/fuzz", files: memory };
const tally = { inputs: 0, lexed: 0, parsed: 0, adapted: 0, formatted: 0, slowestMs: 0 };

/** The result, or undefined where the text is refused as texts are. */
function attempt(name, read) {
  try {
    const result = read();
    tally[name]++;
    return result;
  } catch (error) {
    if (error instanceof SupervisorError || error?.name === "SupervisorError") return undefined;
    throw error;
  }
}

function words(text) {
  try {
    return JSON.stringify(tokenize(text, "").map(({ text: word, quoted }) => [word, quoted]));
  } catch (error) {
    if (error?.name !== "SupervisorError") throw error;
    return error.message === "EOF" ? "[]" : undefined;
  }
}

function check(text) {
  tally.inputs++;
  const start = performance.now();
  attempt("lexed", () => tokenize(text, "Caddyfile"));
  attempt("parsed", () => parse(text, options));
  attempt("adapted", () => adapt(text, options));
  attempt("adapted", () => adapt(text, { ...options, compat: true }));
  attempt("adapted", () => adapt(text, { ...options, filename: "Supervisorfile" }));
  const once = attempt("formatted", () => format(text));
  if (once === undefined) throw new Error("format refused a text");
  if (format(once) !== once) throw new Error("formatting twice is not formatting once");
  const before = words(text);
  if (before !== undefined && words(once) !== before) throw new Error("formatting changed the words");
  const took = performance.now() - start;
  tally.slowestMs = Math.max(tally.slowestMs, took);
  if (took > longestMs) throw new Error(`took ${Math.round(took)} ms`);
}

// A script of its own can be interrupted, even in an endless loop.
globalThis.check = check;
const call = new Script("check(text)");
function bounded(text) {
  globalThis.text = text;
  call.runInThisContext({ timeout: 5 * longestMs });
}

console.log(`seed ${seed}`);
const result = fc.check(fc.property(inputs, bounded), { numRuns: count, seed });
console.log(
  Object.entries({ ...tally, slowestMs: Math.round(tally.slowestMs) })
    .map(([name, value]) => `${name} ${value}`)
    .join(", "),
);
if (result.failed) {
  console.log(fc.defaultReportMessage(result));
  process.exitCode = 1;
}
