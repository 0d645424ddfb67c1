// npm run imports: what each command loads, and how long that takes: our own modules, and what they ask of Node.
//   -- --write    writes docs/import-times.md
// The times of a module are its own, without those of what it imports. They are medians of some runs, with V8's code cache,
// and with readable names, which take a little longer.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "../benchmarks/statistics.mjs";
import { finish } from "./finish.mjs";
import { build, program, root } from "./setup.mjs";

const commands = [["--version"], ["validate"], ["run"]];
const rounds = 9;
const shown = 12;

/** Times by name; what is loaded within something else is not counted there. */
const probe = `
const { Module } = require("node:module");
const times = {};
const inner = [];
function timed(name, action) {
  const begin = process.hrtime.bigint();
  inner.push(0);
  try {
    return action();
  } finally {
    const time = Number(process.hrtime.bigint() - begin) / 1e6;
    times[name] = (times[name] ?? 0) + time - inner.pop();
    if (inner.length > 0) inner[inner.length - 1] += time;
  }
}
globalThis.timedModule = (modules) => {
  const [[name, evaluate]] = Object.entries(modules);
  let done = false;
  return () => {
    if (done) return;
    done = true;
    timed(name, () => evaluate(0));
  };
};
const { require: load } = Module.prototype;
Module.prototype.require = function (name) {
  return name.startsWith("node:") && !times[name] ? timed(name, () => load.call(this, name)) : load.call(this, name);
};
process.once("exit", () =>
  require("node:fs").writeFileSync(require("node:path").join(__dirname, "times.json"), JSON.stringify(times)),
);
`;

await build();
const scratch = mkdtempSync(join(tmpdir(), "caddy-supervisor-imports-"));
try {
  await prepare();
  // The first one leaves compiled code behind.
  await timesOf(["run"]);
  const sections = [];
  for (const command of commands) {
    const runs = [];
    for (let round = 0; round < rounds; round++) runs.push(await timesOf(command));
    sections.push(sectionOf(command, runs));
  }
  const text = `# What a start loads

Written by \`npm run imports -- --write\` on ${new Date().toISOString().slice(0, 10)}, Node ${process.version}. Milliseconds of each module's own evaluation, without what it
imports; median of ${rounds} runs. \`node --cpu-prof\` tells more; \`node scripts/check-loading.mjs\` fails when something is loaded that should not be.

${sections.join("\n")}`;
  console.log(text);
  if (process.argv.includes("--write")) writeFileSync(join(root, "docs", "import-times.md"), text);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** A copy of the program that takes the time of everything it loads. */
async function prepare() {
  for (const name of ["bin", "dist", "package.json"])
    cpSync(join(root, name), join(scratch, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(scratch, "node_modules"));
  mkdirSync(join(scratch, "work"));
  writeFileSync(join(scratch, "work", "Supervisorfile"), "sleep 86400\n");
  writeFileSync(join(scratch, "probe.cjs"), probe);
  const { build: bundle, stop } = await import("esbuild");
  const readable = { minify: false, sourcemap: false, write: false };
  const { outputFiles } = await bundle({ ...program, ...readable });
  await stop();
  const text = outputFiles[0].text;
  // esbuild's own: it evaluates a module when somebody first imports it.
  const evaluate = /var __esm = .*?\n};\n/s;
  if (!evaluate.test(text)) throw new Error("esbuild evaluates modules in another way now");
  const timed = text.replace(evaluate, "var __esm = (modules) => globalThis.timedModule(modules);\n");
  writeFileSync(join(scratch, "dist", "cli", "main.wrapped.cjs"), timed);
}

async function timesOf(command) {
  const args = [
    "--require",
    join(scratch, "probe.cjs"),
    join(scratch, "bin", "caddy-supervisor.js"),
    ...command,
  ];
  const code = await finish(join(scratch, "work"), args);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}`);
  return JSON.parse(readFileSync(join(scratch, "times.json"), "utf8"));
}

function sectionOf(command, runs) {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run)))];
  const times = names
    .map((name) => ({ name, time: median(runs.map((run) => run[name] ?? 0)) }))
    .sort((one, other) => other.time - one.time);
  const sum = (isWanted) => {
    const wanted = times.filter(({ name }) => isWanted(name));
    return `${wanted.length} in ${wanted.reduce((total, { time }) => total + time, 0).toFixed(1)} ms`;
  };
  const isNodes = (name) => name.startsWith("node:");
  const rows = times.slice(0, shown).map(({ name, time }) => `| \`${name}\` | ${time.toFixed(2)} |`);
  return `## \`${command.join(" ")}\`

Modules of Node's that are asked for: ${sum(isNodes)}. Our own: ${sum((name) => !isNodes(name))}.

| module | ms |
|---|---:|
${rows.join("\n")}
`;
}
