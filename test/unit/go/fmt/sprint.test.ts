import { expect, it } from "vitest";
import { sprint, sprintln } from "../../../../src/go/fmt/index.ts";

it.each([
  [[], ""],
  [[1n, 2n], "1 2"],
  [["a", "b"], "ab"],
  [[1n, "a", 2n, 3n], "1a2 3"],
  [[null, true, 1.5], "<nil> true 1.5"],
])("Sprint(%o) puts spaces only between two that are no strings", (operands, expected) => {
  expect(sprint(operands)).toBe(expected);
});

it("Sprintln always puts spaces and ends the line", () => {
  expect(sprintln(["a", "b", 1n])).toBe("a b 1\n");
});
