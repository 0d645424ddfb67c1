import fc from "fast-check";
import { expect, it } from "vitest";
import { descriptorMoves } from "../../../../src/supervise/native/descriptor-moves.ts";

/** No number above it may be used. */
const highest = 8;
const numbers = Array.from({ length: highest + 1 }, (_, number) => number);
const descriptor = fc.oneof(fc.constant("ignore" as const), fc.integer({ min: 0, max: highest }));

it("gives each of the three what it was asked for, and nothing else", () => {
  fc.assert(
    fc.property(fc.tuple(descriptor, descriptor, descriptor), (wanted) => {
      // What each descriptor is open on; our own bear their numbers. All but the first three are closed by execve(2).
      const open = new Map<number, number | "ignore">(numbers.map((each) => [each, each]));
      const inherited = new Set([0, 1, 2]);
      for (const move of descriptorMoves(wanted)) {
        if (move.kind === "close") {
          open.delete(move.descriptor);
          inherited.delete(move.descriptor);
          continue;
        }
        const what = move.kind === "null" ? "ignore" : open.get(move.from);
        expect(what).toBeDefined();
        expect(move.to).toBeLessThanOrEqual(highest);
        open.set(move.to, what as number | "ignore");
        inherited.add(move.to);
      }
      expect([0, 1, 2].map((each) => open.get(each))).toEqual(wanted);
      expect([...inherited].sort()).toEqual([0, 1, 2]);
    }),
  );
});
