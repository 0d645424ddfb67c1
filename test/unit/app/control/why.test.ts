import { expect, it } from "vitest";
import { period } from "../../../../src/app/control/why.ts";

it.each([
  [0, "0s"],
  [49, "0s"],
  [3_240, "3.2s"],
  [59_940, "59.9s"],
  [60_000, "1m0s"],
  [3_661_000, "1h1m"],
  [200_000_000, "2d7h"],
])("%d ms is %s", (milliseconds, text) => expect(period(milliseconds)).toBe(text));
