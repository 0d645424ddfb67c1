import { describe, expect, it } from "vitest";
import { SupervisorError } from "../../../src/errors.ts";
import { formatDuration, parseDuration } from "../../../src/go/duration.ts";
import { duration, roundDuration } from "../../../src/go/duration-type.ts";
import { execute } from "../../../src/go/template/index.ts";

describe("parseDuration", () => {
  it.each([
    ["1m30s", 90_000_000_000n],
    ["-1.5h", -5_400_000_000_000n],
    ["1µs1μs1us", 3_000n],
    ["+.5ms", 500_000n],
    ["0", 0n],
    ["0.3333333333333333333h", 1_200_000_000_000n],
    ["-9223372036854775808ns", -(2n ** 63n)],
  ])("%s", (text, nanoseconds) => {
    expect(parseDuration(text)).toBe(nanoseconds);
  });

  it.each([
    ["", 'time: invalid duration ""'],
    ["5", 'time: missing unit in duration "5"'],
    ["1d", 'time: unknown unit "d" in duration "1d"'],
    ["1é", 'time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"'],
    ["9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'],
    ["1constructor", 'time: unknown unit "constructor" in duration "1constructor"'],
  ])("refuses %o in Go's words", (text, message) => {
    expect(() => parseDuration(text)).toThrow(new SupervisorError("DURATION", message));
  });
});

it.each([
  [0n, "0s"],
  [1n, "1ns"],
  [1_500n, "1.5µs"],
  [-1_000_000n, "-1ms"],
  [3_600_000_000_000n, "1h0m0s"],
  [61_000_000_001n, "1m1.000000001s"],
  [-(2n ** 63n), "-2562047h47m16.854775808s"],
])("formatDuration(%i)", (nanoseconds, text) => {
  expect(formatDuration(nanoseconds)).toBe(text);
});

it("rounds halves away from zero", () => {
  expect([15n, -15n, 14n, 16n].map((value) => roundDuration(value, 10n))).toEqual([20n, -20n, 10n, 20n]);
  expect(roundDuration(15n, 0n)).toBe(15n);
  expect(roundDuration(2n ** 63n - 1n, 10n)).toBe(2n ** 63n - 1n);
});

it.each([
  ["{{ .d.Hours }}", "1.5025"],
  ["{{ .d.Minutes }} {{ .d.Seconds }}", "90.15 5409"],
  ["{{ .d.Milliseconds }} {{ .d.Microseconds }} {{ .d.Nanoseconds }}", "5409000 5409000000 5409000000000"],
  ["{{ .d.Round 3600000000000 }} {{ .d.Truncate 3600000000000 }}", "2h0m0s 1h0m0s"],
  ["{{ (.d.Round 1).Abs.String | len }}", "7"],
])("has Go's methods: %s", (template, output) => {
  expect(execute(template, { d: duration(5_409_000_000_000n) })).toBe(output);
});
