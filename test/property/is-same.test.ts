import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isSame } from "../../src/config/is-same.ts";

/** Few different values, so that many pairs are the same or nearly so. */
const leaf = fc.constantFrom<unknown>(null, undefined, true, false, 0, -0, 1, Number.NaN, 1n, "", "a", "0");
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom("0", "1", "a"), tie("value"), { maxKeys: 2, noNullPrototype: true }),
  ),
}));

it("says what util.isDeepStrictEqual says", () => {
  fc.assert(
    fc.property(value, value, (one, other) => {
      expect(isSame(one, other)).toBe(isDeepStrictEqual(one, other));
    }),
    { numRuns: 5_000 },
  );
});

it("finds a copy the same", () => {
  fc.assert(fc.property(value, (one) => isSame(one, structuredClone(one))));
});
