import { describe, expect, it } from "vitest";
import { call, callBytes } from "./call.ts";

describe("regular expressions", () => {
  it.each([
    ["[", "missing closing ]: `[`"],
    ["a**", "invalid nested repetition operator: `**`"],
    ["(?<=a)b", "invalid named capture: `(?<=a)b`"],
    ["a(?=b)", "invalid or unsupported Perl syntax: `(?=`"],
    ["\\8", "invalid escape sequence: `\\8`"],
    ["a\\", "trailing backslash at end of expression: ``"],
    ["x{1001}", "invalid repeat count: `{1001}`"],
  ])("refuses %s in Go's words", (source, problem) => {
    expect(() => call("mustRegexFind", source, "x")).toThrow(`error parsing regexp: ${problem}`);
    expect(call("regexMatch", source, "x")).toBe("false");
  });

  it("names the expression when Go panics", () => {
    expect(() => call("regexFind", "[", "x")).toThrow(
      "regexp: Compile(`[`): error parsing regexp: missing closing ]: `[`",
    );
    expect(() => call("regexFind", "[`", "x")).toThrow('regexp: Compile("[`"): ');
    expect(() => callBytes("mustRegexFind", "\xff", "x")).toThrow("invalid UTF-8: `\xff`");
  });

  it("finds leftmost-first, on characters", () => {
    expect(call("regexFind", "(a|ab)(c|bcd)", "abcd")).toBe("abcd");
    expect(call("regexFindAll", ".", "日x", -1)).toBe("[日 x]");
    expect(call("regexFindAll", "x*", "axxb", -1)).toBe("[ xx ]");
    expect(call("regexFindAll", "a", "aaa", 2)).toBe("[a a]");
    expect(callBytes("regexFind", "a.b", "a\xffb")).toBe("a\xffb");
  });

  it.each([
    ["x*", "abc", "-", "-a-b-c-"],
    ["(?m)^", "a\nb", "> ", "> a\n> b"],
    ["(?P<y>\\d{2})(?P<m>\\d)", "123", "$m-${y}-$2x-$$-$0-$9", "3-12---$-123-".replace("--", "-")],
    ["(a)(b)?", "a", "[$2$1]", "[a]"],
    ["a", "a", "$", "$"],
    ["a", "a", "${", "${"],
    ["(a)", "a", "$01${01}", ""],
    ["é", "été", "<$0>", "<é>t<é>"],
  ])("replaces %s in %j by %s", (source, text, template, expected) =>
    expect(call("regexReplaceAll", source, text, template)).toBe(expected),
  );

  it("replaces literally", () =>
    expect(call("regexReplaceAllLiteral", "n", "banana", "$0")).toBe("ba$0a$0a"));

  it.each([
    ["s+", "bassoons", -1, "[ba oon ]"],
    ["s+", "bassoons", 2, "[ba oons]"],
    ["s+", "bassoons", 0, "[]"],
    ["", "abc", -1, "[a b c]"],
    ["x", "", -1, "[]"],
  ])("splits by %s", (source, text, limit, expected) =>
    expect(call("regexSplit", source, text, limit)).toBe(expected),
  );

  it("quotes what has a meaning", () =>
    expect(call("regexQuoteMeta", "a.b[c]{1}-é")).toBe("a\\.b\\[c\\]\\{1\\}-é"));

  it("takes linear time", () => expect(call("regexMatch", "(a*)*b", "a".repeat(5_000))).toBe("false"));
});

it("keeps bytes of a replacement that are no UTF-8", () => {
  expect(callBytes("regexReplaceAll", "(a)", "xa", "\xb6$1\xbb")).toBe("x\xb6a\xbb");
  expect(callBytes("regexReplaceAll", "(?P<y>a)", "a", "${y}$y\xff$$${")).toBe("aa\xff$${");
});

it("groups may share a name, as in Go", () => {
  expect(call("mustRegexReplaceAll", "(?P<a>x)(?P<a>y)(?<b>z)", "xyz", "${b}${a}$2")).toBe("zxy");
  expect(call("mustRegexFind", "\\\\(?P<a>x)", "\\x")).toBe("\\x");
});
