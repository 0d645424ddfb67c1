import { expect, it } from "vitest";
import { faultsOf, floors } from "./check-vectors.ts";
import { readVectors } from "./read-vectors.ts";

const lines = readVectors<{ readonly input: string }>("integers.jsonl");

it.each(lines)("strconv.Atoi($input), and as replicas", (line) => {
  expect(faultsOf(line)).toEqual([]);
});

it("has as many vectors as were recorded", () => {
  expect(lines.length).toBeGreaterThanOrEqual(floors.integers);
});
