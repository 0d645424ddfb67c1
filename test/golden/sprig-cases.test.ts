import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sampleOptions } from "../../scripts/vector-kinds.mjs";
import { executeOptions } from "../../src/go/template/index.ts";
import { outcomeOf } from "./read-vectors.ts";

/**
 * Cases of our own, with what real Go answered (Go 1.19 and sprig 3.2.3; only cases in which Go 1.24 and sprig 3.3.0
 * give the same are here). They reach into corners that the vectors leave out: every function on values of every
 * kind, layouts, zones, JSON errors, constraints, expressions on text that is not UTF-8.
 */
interface Case {
  readonly template: string;
  readonly output?: string;
  readonly error?: string;
}

const options = sampleOptions(2);
const env = { HOME: "/h", "A B": "ab", _A9: "u" };

const cases = readFileSync(new URL("sprig-cases.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Case);

it(`gives Go's answers to ${cases.length} cases`, () => {
  const wrong = cases.filter(({ template, output, error }) => {
    const outcome = outcomeOf(() => executeOptions(template, options, { env, timeZone: "UTC" }));
    return outcome.value !== output || outcome.error !== error;
  });
  expect(wrong.map(({ template }) => template)).toEqual([]);
});
