import { describe, expect, it } from "vitest";
import { faultsOf, floors } from "./check-vectors.ts";
import { readVectors } from "./read-vectors.ts";

interface Line {
  readonly template: string;
  readonly category: string;
}

const lines = readVectors<Line>("templates.jsonl");

/** Two thousand tests would say no more than one for each category does. */
describe.each([...new Set(lines.map(({ category }) => category))].sort())("%s", (category) => {
  it("agrees with Go's text/template and sprig", () => {
    const own = lines.filter((line) => line.category === category);
    expect(own.flatMap((line) => faultsOf(line))).toEqual([]);
  });
});

it("has as many vectors as were recorded", () => {
  expect(lines.length).toBeGreaterThanOrEqual(floors.templates);
});
