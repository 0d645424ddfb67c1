import fc from "fast-check";
import { expect, it } from "vitest";
import { diffLines } from "../../../src/caddyfile/line-diff.ts";

const shown = (before: string, after: string): string =>
  diffLines([...before], [...after])
    .map(({ kind, text }) => kind + text)
    .join(",");

it.each([
  ["abc", "abc", " a, b, c"],
  ["abc", "axc", " a,-b,+x, c"],
  ["abcd", "bcde", "-a, b, c, d,+e"],
  ["", "ab", "+a,+b"],
  ["ab", "", "-a,-b"],
])("%s to %s", (before, after, expected) => {
  expect(shown(before, after)).toBe(expected);
});

it("holds both texts, and no shorter one exists", () => {
  const line = fc.constantFrom("a", "b", "c");
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.array(line, { maxLength: 12 }), (before, after) => {
      const diff = diffLines(before, after);
      const of = (kind: string) => diff.filter((one) => one.kind !== kind).map(({ text }) => text);
      expect(of("+")).toEqual(before);
      expect(of("-")).toEqual(after);
      const common = diff.filter(({ kind }) => kind === " ").length;
      expect(common).toBe(longestCommon(before, after));
    }),
    { numRuns: 500, seed: 1 },
  );
});

it("shows texts without a line in common as a whole, and soon", () => {
  const before = Array.from({ length: 50_000 }, (_, index) => `a${index}`);
  const after = Array.from({ length: 50_000 }, (_, index) => `b${index}`);
  expect(diffLines(before, after)).toHaveLength(100_000);
});

function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const left of a) {
    const next = [0];
    b.forEach((right, index) => {
      next.push(left === right ? row[index]! + 1 : Math.max(row[index + 1]!, next[index]!));
    });
    row = next;
  }
  return row[b.length]!;
}
