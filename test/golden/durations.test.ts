import { expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../src/go/duration.ts";
import { outcomeOf, readVectors } from "./read-vectors.ts";

interface Line {
  input: string;
  ns?: string;
  error?: string;
  string?: string;
}

it.each(readVectors<Line>("durations.jsonl"))(
  "time.ParseDuration($input)",
  ({ input, ns, error, string }) => {
    const outcome = outcomeOf(() => parseDuration(input));
    expect(outcome).toEqual(error === undefined ? { value: BigInt(ns ?? "") } : { error });
    if (outcome.value !== undefined) expect(formatDuration(outcome.value)).toBe(string);
  },
);
