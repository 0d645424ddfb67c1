import { describe, expect, it } from "vitest";
import { duration } from "../../../../src/go/duration-type.ts";
import { basicTypes, GoScalar } from "../../../../src/go/values/index.ts";
import { call, callValue } from "./call.ts";

describe("integers", () => {
  it.each([
    ["5", 5n],
    ["5.00", 5n],
    ["5.50", 0n],
    ["0x1f", 31n],
    ["017", 15n],
    ["08", 0n],
    ["0b11", 3n],
    ["1_000", 1000n],
    [" 7", 0n],
    [3.9, 3n],
    [-3.9, -3n],
    [1e19, -(2n ** 63n)],
    [Number.NaN, -(2n ** 63n)],
    [true, 1n],
    [null, 0n],
    [[1], 0n],
  ])("reads %j as %d", (value, expected) => expect(callValue("int", value)).toBe(expected));

  it("does not take named types for numbers, as cast does not", () => {
    expect(callValue("int", duration(5n))).toBe(0n);
    expect(callValue("int", new GoScalar(basicTypes.uint64, 2n ** 64n - 1n))).toBe(-1n);
  });

  it("wraps at 64 bits", () => {
    expect(call("add", "9223372036854775807", 1)).toBe("-9223372036854775808");
    expect(call("mul", 2n ** 62n, 2)).toBe("-9223372036854775808");
    expect(call("div", -(2n ** 63n), -1)).toBe("-9223372036854775808");
  });

  it("divides towards zero and panics at zero", () => {
    expect(call("div", 10, -3)).toBe("-3");
    expect(call("mod", -7, 3)).toBe("-1");
    expect(() => call("div", 1, 0)).toThrow("runtime error: integer divide by zero");
    expect(() => call("mod", 1, "x")).toThrow("runtime error: integer divide by zero");
  });

  it("keeps what strconv gives beside its error", () => {
    expect(call("atoi", "99999999999999999999")).toBe("9223372036854775807");
    expect(call("atoi", "x")).toBe("0");
    expect(call("toDecimal", 777)).toBe("511");
    expect(call("toDecimal", 8)).toBe("0");
  });

  it("counts", () => {
    expect(call("until", -3)).toBe("[0 -1 -2]");
    expect(call("untilStep", 10, 0, -3)).toBe("[10 7 4 1]");
    expect(call("untilStep", 0, 5, -1)).toBe("[]");
    expect(call("untilStep", 0, 5, 0)).toBe("[]");
    expect(call("seq", -2)).toBe("1 0 -1 -2");
    expect(call("seq", 5, -2, 1)).toBe("5 3 1");
    expect(call("seq", 5, 2, 1)).toBe("");
    expect(call("seq", 1, 2, 3, 4)).toBe("");
  });

  it("gives int64, whatever came in", () => expect(call("typeOf", callValue("max", 1, 2))).toBe("int64"));
});

describe("floats", () => {
  it("reckons in decimals", () => {
    expect(call("addf", 0.1, 0.2)).toBe("0.3");
    expect(call("subf", 1, 0.9)).toBe("0.1");
    expect(call("mulf", 1.1, 1.1)).toBe("1.21");
    expect(call("divf", 1, 3)).toBe("0.3333333333333333");
    expect(call("divf", 2, 3, 7)).toBe("0.0952380952380952");
    expect(call("divf", -2, 3)).toBe("-0.6666666666666667");
    expect(call("add1f", "x")).toBe("1");
  });

  it("has no decimal for zero divisors and infinities", () => {
    expect(() => call("divf", 1, 0)).toThrow("decimal division by 0");
    expect(() => call("addf", Number.POSITIVE_INFINITY)).toThrow("Cannot create a Decimal from +Inf");
    expect(() => call("mulf", 1, Number.NaN)).toThrow("Cannot create a Decimal from NaN");
  });

  it.each([
    [123.456, -1, undefined, "120"],
    [1.005, 2, undefined, "1"],
    [-1.5, 0, undefined, "-2"],
    [3.7, 0, 0.8, "3"],
    [0.285, 2, undefined, "0.28"],
    [1e300, 300, undefined, "+Inf"],
    [5, -400, undefined, "NaN"],
    [123.456, 22, undefined, "123.456"],
  ])("round %d to %d places from %j up is %s", (value, places, on, expected) =>
    expect(call("round", value, BigInt(places), ...(on === undefined ? [] : [on]))).toBe(expected),
  );

  it("follows math.Max and math.Min at infinity and NaN", () => {
    expect(call("maxf", Number.NaN, Number.POSITIVE_INFINITY)).toBe("+Inf");
    expect(call("minf", Number.NEGATIVE_INFINITY, Number.NaN)).toBe("-Inf");
    expect(call("maxf", 1, Number.NaN)).toBe("NaN");
    expect(call("ceil", -0.5)).toBe("-0");
  });
});
