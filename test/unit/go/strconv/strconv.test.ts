import { describe, expect, it } from "vitest";
import { formatFloat } from "../../../../src/go/strconv/format-float.ts";
import { parseFloat64 } from "../../../../src/go/strconv/parse-float.ts";
import { parseSigned, parseUnsigned } from "../../../../src/go/strconv/parse-integer.ts";
import { canBackquote, quote, quoteRune } from "../../../../src/go/strconv/quote.ts";
import { unquote, unquoteRune } from "../../../../src/go/strconv/unquote.ts";
import { encodeUtf8 } from "../../../../src/go/values/bytes.ts";

describe("quote", () => {
  it.each([
    ["", '""'],
    ["a\"\\b'", '"a\\"\\\\b\'"'],
    ["\x07\b\f\n\r\t\v\x00\x7f", '"\\a\\b\\f\\n\\r\\t\\v\\x00\\x7f"'],
    [encodeUtf8("日\u200b\u{e0001}\ufffd"), encodeUtf8('"日\\u200b\\U000e0001\ufffd"')],
    ["a\xffb", '"a\\xffb"'],
  ])("%o", (text, expected) => {
    expect(quote(text)).toBe(expected);
  });
  it("escapes all beyond ASCII on request", () => {
    expect(quote(encodeUtf8("é🎉"), true)).toBe('"\\u00e9\\U0001f389"');
  });
  it("quotes one rune", () => {
    expect([quoteRune("'"), quoteRune('"'), quoteRune("\n")]).toEqual(["'\\''", "'\"'", "'\\n'"]);
  });
  it("knows what can stand between back quotes", () => {
    expect(["a b", "a\tb", "a`b", "a\nb", "\x7f", "\xff", encodeUtf8("\ufeff")].map(canBackquote)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("unquote", () => {
  it.each([
    ['"a\\n\\x41\\101\\u00e9\\U0001f389"', encodeUtf8("a\nAAé🎉")],
    ["`a\\n\r`", "a\\n"],
    ['"\\ud800"', undefined],
    ['"\\U00110000"', undefined],
    ['"\\400"', undefined],
    ['"\\q"', undefined],
    ['"\\\'"', undefined],
    ['"\\x4"', undefined],
    ['"', undefined],
    ['"a', undefined],
    ["'a'", undefined],
  ])("%s", (literal, expected) => {
    expect(unquote(literal)).toBe(expected);
  });
  it("reads character constants", () => {
    expect(["'a'", "'\\''", "'\\x41'", "'\\377'", "''", "'ab'", "'\\\"'"].map(unquoteRune)).toEqual([
      97,
      39,
      65,
      255,
      undefined,
      "malformed",
      undefined,
    ]);
  });
});

describe("integers", () => {
  it.each([
    ["0x1F", 0, 31n],
    ["0b11", 0, 3n],
    ["0o17", 0, 15n],
    ["017", 0, 15n],
    ["1_000", 0, 1000n],
    ["0x_1f", 0, 31n],
    ["0_7", 0, 7n],
    ["-9223372036854775808", 10, -9223372036854775808n],
  ] as const)("%s in base %i", (text, base, value) => {
    expect(parseSigned(text, base, 64)).toEqual({ value });
  });
  it.each(["", "-", "+-1", "08", "1__0", "_1", "1_", "0x", "0xg", "1e3", "0b2", " 1"])(
    "%o is no integer",
    (text) => {
      expect(parseSigned(text, 0, 64).fault).toBe("syntax");
    },
  );
  it("stops at the width", () => {
    expect(parseSigned("128", 10, 8)).toEqual({ value: 127n, fault: "range" });
    expect(parseSigned("-129", 10, 8)).toEqual({ value: -128n, fault: "range" });
    expect(parseUnsigned("18446744073709551616", 10, 64)).toEqual({
      value: (1n << 64n) - 1n,
      fault: "range",
    });
    expect(parseUnsigned("-1", 10, 64).fault).toBe("syntax");
  });
});

describe("floats", () => {
  it.each([
    ["1.5", 1.5],
    [".5", 0.5],
    ["1.", 1],
    ["-1e3", -1000],
    ["1_0.2_5", 10.25],
    ["0x1p-2", 0.25],
    ["0x.8p1", 1],
    ["0X1.8P+1", 3],
    ["0x1p-1074", 5e-324],
    ["0x1.fffffffffffff8p0", 2],
    ["infinity", Number.POSITIVE_INFINITY],
    ["-Inf", Number.NEGATIVE_INFINITY],
    ["NaN", Number.NaN],
  ])("%s", (text, value) => {
    expect(parseFloat64(text)).toEqual({ value });
  });
  it.each(["", ".", "e1", "1e", "0x1", "0xp1", "+nan", "1__0", "1e_5", "_1", "0b1", "1f"])(
    "%o is no float",
    (text) => {
      expect(parseFloat64(text).fault).toBe("syntax");
    },
  );
  it("tells overflow", () => {
    expect(parseFloat64("-1e400")).toEqual({ value: Number.NEGATIVE_INFINITY, fault: "range" });
    expect(parseFloat64("0x1p1024").fault).toBe("range");
  });
  it("rounds halves to even on the exact value", () => {
    expect([0.5, 1.5, 2.5, 0.125].map((value) => formatFloat(value, "f", value === 0.125 ? 2 : 0))).toEqual([
      "0",
      "2",
      "2",
      "0.12",
    ]);
    expect(formatFloat(9.995, "e", 2)).toBe("9.99e+00");
    expect(formatFloat(99.95, "g", 3)).toBe("100");
  });
  it("pads binary forms", () => {
    expect(formatFloat(0, "x", -1)).toBe("0x0p+00");
    expect(formatFloat(1, "x", 4)).toBe("0x1.0000p+00");
    expect(formatFloat(5e-324, "x", -1)).toBe("0x1p-1074");
    expect(formatFloat(1, "b", -1, 32)).toBe("8388608p-23");
  });
});
