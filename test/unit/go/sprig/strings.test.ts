import { describe, expect, it } from "vitest";
import { call, callBytes } from "./call.ts";

describe("case conversions", () => {
  it.each([
    ["HTTPServer", "http_server"],
    ["http2xx", "http_2xx"],
    ["HTTP20xOK", "http_20x_ok"],
    ["Duration2m3s", "duration_2m3s"],
    ["Bld4Floor3rd", "bld4_floor_3rd"],
    ["a+b", "a_+_b"],
    ["1+", "1_+"],
    ["x.Y", "x.y"],
    ["日本ABCdef", "日本_ab_cdef"],
    ["  two  words ", "__two__words_"],
  ])("snakecase %s", (text, expected) => {
    expect(call("snakecase", text)).toBe(expected);
    expect(call("kebabcase", text)).toBe(expected.replaceAll("_", "-"));
  });

  it.each([
    ["first name", "FirstName"],
    ["HTTPServer", "Httpserver"],
    ["_a__b_", "_A_B_"],
    ["firstName lastNAME", "FirstNameLastNAME"],
    ["GOLANG_IS_GREAT", "GolangIsGreat"],
    ["_", "__"],
    ["", ""],
  ])("camelcase %s", (text, expected) => expect(call("camelcase", text)).toBe(expected));

  it("maps one rune to one rune, as Go does", () => {
    expect(call("upper", "straße ŉ ᾳ ı")).toBe("STRAßE ŉ ᾼ I");
    expect(call("lower", "ΑΣ İ")).toBe("ασ i");
    expect(call("title", "ǆ éa x-y_z")).toBe("ǅ Éa X-Y_z");
    expect(call("swapcase", "Try This.One é")).toBe("tRY tHIS.oNE É");
    expect(call("untitle", "First Try ÉA")).toBe("first try éA");
  });
});

describe("cutting", () => {
  it("counts bytes", () => {
    expect(call("trunc", 3, "日本語")).toBe("日");
    expect(callBytes("trunc", 2n, "\xe6\x97\xa5")).toBe("\xe6\x97");
    expect(call("trunc", -3, "hello")).toBe("llo");
    expect(call("trunc", -9, "hello")).toBe("hello");
    expect(call("substr", 3, -1, "hello world")).toBe("lo world");
    expect(call("substr", -1, 5, "hello world")).toBe("hello");
  });

  it("panics in Go's words where a bound does not fit", () => {
    expect(() => call("substr", 10, 12, "hello")).toThrow("runtime error: slice bounds out of range [10:5]");
    expect(() => call("substr", 3, 2, "hello")).toThrow("runtime error: slice bounds out of range [3:2]");
    expect(() => call("substr", -1, 9, "hello")).toThrow(
      "runtime error: slice bounds out of range [:9] with length 5",
    );
    expect(() => call("substr", -1, -2, "hello")).toThrow("runtime error: slice bounds out of range [:-2]");
    expect(() => call("repeat", -1, "x")).toThrow("strings: negative Repeat count");
    expect(() => call("repeat", 2n ** 62n, "xx")).toThrow("strings: Repeat output length overflow");
  });

  it("abbreviates from either side", () => {
    expect(call("abbrev", 5, "hello world")).toBe("he...");
    expect(call("abbrev", 3, "hello world")).toBe("hello world");
    expect(call("abbrevboth", 5, 10, "1234 5678 9123")).toBe("...5678...");
    expect(call("abbrevboth", 12, 10, "1234 5678 9123")).toBe("...78 9123");
  });

  it("wraps at spaces, and inside words only where told", () => {
    expect(call("wrap", 5, "hello enormousword x")).toBe("hello\nenormousword\nx");
    expect(call("wrapWith", 5, "-", "abcdefghijk lm")).toBe("abcde-fghij-k lm");
    expect(call("wrap", -5, "ab cd")).toBe("ab\ncd");
    expect(call("wrap", 4, "    a")).toBe("   a");
  });

  it("reads bytes as runes where goutils does", () => {
    expect(call("initials", "Été ñandú")).toBe("ÃÃ");
    expect(call("nospace", "a\u00a0b")).toBe("aÂb");
    expect(call("nospace", "aéb")).toBe("aéb");
  });
});

describe("splitting and joining", () => {
  it("splits by runes where the separator is empty", () => {
    expect(call("splitList", "", "日x")).toBe("[日 x]");
    expect(call("splitn", ",", 2, "a,b,c")).toBe("map[_0:a _1:b,c]");
    expect(call("splitn", ",", 0, "a,b")).toBe("map[]");
    expect(call("splitn", "", 2, "abc")).toBe("map[_0:a _1:bc]");
    expect(call("replace", "", "-", "é1")).toBe("-é-1-");
    expect(call("replace", "a", "$&", "banana")).toBe("b$&n$&n$&");
  });

  it("trims runes, not bytes", () => {
    expect(call("trimAll", "é", "éxé")).toBe("x");
    expect(callBytes("trimAll", "\xc3\xa9", "\xc3\xa8x")).toBe("\xc3\xa8x");
    expect(call("trim", "\u00a0 x\u2003\n")).toBe("x");
    expect(call("trimSuffix", "", "x")).toBe("x");
  });

  it("refuses texts that would fill the memory, before they are made", () => {
    const long = "a".repeat(100_000);
    for (const make of [
      () => call("replace", "a", long, long),
      () => call("replace", "", long, long),
      () => call("repeat", 10n ** 12n, "x"),
      () => call("indent", 1_000_000, "\n".repeat(100)),
      () => call("wrapWith", 1, long, long),
      () => call("regexReplaceAll", "a", long, long),
    ])
      expect(make).toThrow("result exceeds 16777216 bytes");
    expect(() => call("until", 1_000_001)).toThrow("result exceeds 1000000 elements");
  });

  it("leaves nils out of lists and texts", () => {
    expect(call("join", "-", [1, null, "x", true])).toBe("1-x-true");
    expect(call("join", "-", null)).toBe("");
    expect(call("cat", "a", null, 1)).toBe("a 1");
    expect(call("quote", "a\n", null, 5)).toBe('"a\\n" "5"');
    expect(call("squote", "it's", null)).toBe("'it's'");
    expect(call("sortAlpha", ["b", null, "A", 10, 9])).toBe("[10 9 A b]");
  });
});
