import { expect, it } from "vitest";
import { faultsOf, floors } from "./check-vectors.ts";
import { readVectors } from "./read-vectors.ts";

const lines = readVectors<{ readonly input: string }>("durations.jsonl");

it.each(lines)("time.ParseDuration($input)", (line) => {
  expect(faultsOf(line)).toEqual([]);
});

it("has as many vectors as were recorded", () => {
  expect(lines.length).toBeGreaterThanOrEqual(floors.durations);
});
