import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { format, parse, tokenize } from "../../src/caddyfile/index.ts";
import { adapt } from "../../src/config/adapt.ts";
import { SupervisorError } from "../../src/errors.ts";
import { readVectors } from "../golden/read-vectors.ts";

/** Fragments whose neighbourhood matters to the lexer. */
const fragment = fc.constantFrom(
  ..."{ } {} a b {{ }} }} . \\ \" ` # < << <<E E EOF ' (s) @m , import supervisor é 🎉".split(" "),
  ...[
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "\r\n",
    "\\\n",
    "# c",
    "{$X}",
    "{args[0]}",
    "\ufeff",
    "\u00a0",
    "\u2028",
    "\0",
  ],
);
const scraps = fc.array(fragment, { maxLength: 16 }).map((parts) => parts.join(""));

/** Real Caddyfiles with a piece cut out and another put in. */
const mutated = fc
  .tuple(
    fc.constantFrom(...readVectors<{ input: string }>("format.jsonl").map(({ input }) => input)),
    fc.nat(),
    fc.nat(4),
    fragment,
  )
  .map(([text, position, cut, scrap]) => {
    const at = position % (text.length + 1);
    return text.slice(0, at) + scrap + text.slice(at + cut);
  });
const text = fc.oneof(scraps, mutated, fc.string({ unit: "binary", maxLength: 40 }));
const run = { numRuns: 3_000, seed: 1 };

/** The words of a text; undefined when it does not lex. Nothing but a SupervisorError may come. */
function words(input: string): unknown {
  try {
    return tokenize(input, "").map(({ text, quoted }) => [text, quoted]);
  } catch (error) {
    expect(error).toBeInstanceOf(SupervisorError);
    return (error as Error).message === "EOF" ? [] : undefined;
  }
}

describe("the lexer", () => {
  const word = fc.string({ minLength: 1, maxLength: 12 }).filter((value) => !value.includes("`"));

  it("reads back what was quoted", () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (values) => {
        const written = values.map((value) => `\`${value}\``).join(" ");
        expect(tokenize(written, "").map((token) => token.text)).toEqual(values);
      }),
      run,
    );
  });

  it("reads back a heredoc, whatever its indentation", () => {
    const line = fc.string({ maxLength: 12 }).filter((value) => !/[\r\n]|END/.test(value));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.constantFrom("", "\t", "    "), (body, padding) => {
        const written = `<<END\n${body.map((value) => `${padding}${value}\n`).join("")}${padding}END`;
        expect(tokenize(written, "")).toEqual([{ text: body.join("\n"), line: 1, quoted: true }]);
      }),
      run,
    );
  });
});

describe("the formatter", () => {
  it("never changes the token stream", () => {
    fc.assert(
      fc.property(text, (input) => {
        const before = words(input);
        if (before !== undefined) expect(words(format(input))).toEqual(before);
      }),
      run,
    );
  });

  it("is idempotent", () => {
    fc.assert(
      fc.property(text, (input) => {
        const once = format(input);
        expect(format(once)).toBe(once);
      }),
      run,
    );
  });
});

describe("the parser and the adapter", () => {
  it("throw nothing but SupervisorErrors", () => {
    fc.assert(
      fc.property(text, (input) => {
        for (const read of [parse, adapt])
          try {
            read(input, { env: { X: "x {\n" }, cwd: "/nonexistent" });
          } catch (error) {
            expect(error).toBeInstanceOf(SupervisorError);
          }
      }),
      run,
    );
  });

  it("take time in proportion to the number of faults and imports", () => {
    const shapes = [
      (count: number) =>
        `{\n\tsupervisor {\n${"\t\tapp {{.Replica}} {\n\t\t\tbogus 1\n\t\t\treplicas x\n\t\t}\n".repeat(count)}\t}\n}\n`,
      (count: number) => `(s) {\n\tx {args[0]}\n}\n:80 {\n${"\timport s a\n".repeat(count)}}\n`,
    ];
    for (const shape of shapes) {
      const time = (count: number): number => {
        const input = shape(count);
        const start = process.cpuUsage();
        try {
          adapt(input, { env: {} });
        } catch (error) {
          expect(error).toBeInstanceOf(SupervisorError);
        }
        return process.cpuUsage(start).user;
      };
      time(900);
      const small = Math.max(time(900), 3_000);
      expect(time(9_000) / small, shape(1)).toBeLessThan(60);
    }
  });

  it("take time in proportion to the text", () => {
    const shapes = ["`x` ", '"\\" ', "<<E\nx\nE ", "a#b\n", "\\\n", "{$A}", "a\r", "import_ {\n", "<"];
    for (const shape of shapes) {
      const time = (count: number): number => {
        const input = shape.repeat(count);
        const start = process.cpuUsage();
        format(input);
        words(input);
        const { user } = process.cpuUsage(start);
        return user;
      };
      time(20_000);
      const small = Math.max(time(20_000), 5_000);
      // Quadratic growth would be a factor of 100.
      expect(time(200_000) / small, shape).toBeLessThan(60);
    }
  });
});
