import { readFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { format, tokenize } from "../../src/caddyfile/index.ts";
import { outcomeOf, readVectors } from "./read-vectors.ts";

interface Line {
  readonly name: string;
  readonly input: string;
  readonly formatted: string;
  /** Caddy's formatter damages this input. */
  readonly changes_tokens?: boolean;
}

const { format: floor } = JSON.parse(readFileSync(new URL("floors.json", import.meta.url), "utf8")) as Record<
  string,
  number
>;

function words(text: string) {
  return outcomeOf(() => tokenize(text, "Caddyfile").map(({ text, quoted }) => ({ text, quoted })));
}

let passed = 0;

it.each(readVectors<Line>("format.jsonl"))("$name", ({ input, formatted, changes_tokens }) => {
  const ours = format(input);
  if (changes_tokens !== true) expect(ours).toBe(formatted);
  expect(words(ours)).toEqual(words(input));
  expect(format(ours)).toBe(ours);
  passed++;
});

afterAll(() => {
  expect(passed).toBeGreaterThanOrEqual(floor ?? 0);
});
