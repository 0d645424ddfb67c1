import fc from "fast-check";
import { expect, it } from "vitest";
import { SupervisorError } from "../../../src/errors.ts";
import { formatDuration, parseDuration } from "../../../src/go/duration.ts";
import { sprintf } from "../../../src/go/fmt/index.ts";
import { formatFloat } from "../../../src/go/strconv/format-float.ts";
import { parseFloat64 } from "../../../src/go/strconv/parse-float.ts";
import { quote } from "../../../src/go/strconv/quote.ts";
import { unquote } from "../../../src/go/strconv/unquote.ts";
import { execute } from "../../../src/go/template/index.ts";
import { decodeUtf8, deepEqual, encodeUtf8, fromPlain, isValidUtf8 } from "../../../src/go/values/index.ts";

const bytes = fc.uint8Array().map((array) => String.fromCharCode(...array));
const plain = fc.jsonValue({ maxDepth: 3 });

it("a duration reads back as it was written", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (nanoseconds) => {
      expect(parseDuration(formatDuration(nanoseconds))).toBe(nanoseconds);
    }),
  );
});

it("any text is a duration or a SupervisorError", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[-+0-9.nuµmsh ]{0,12}$/u), (text) => {
      try {
        expect(typeof parseDuration(text)).toBe("bigint");
      } catch (error) {
        expect(error).toBeInstanceOf(SupervisorError);
      }
    }),
  );
});

it("text goes in and out of bytes unchanged", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(decodeUtf8(encodeUtf8(text))).toBe(text);
      expect(isValidUtf8(encodeUtf8(text))).toBe(true);
    }),
  );
});

it("invalid bytes become one character each", () => {
  fc.assert(
    fc.property(bytes, (text) => {
      const decoded = decodeUtf8(text);
      expect(isValidUtf8(text)).toBe(encodeUtf8(decoded) === text);
    }),
  );
});

it("a quoted string unquotes to itself", () => {
  fc.assert(
    fc.property(bytes, fc.boolean(), (text, asciiOnly) => {
      expect(unquote(quote(text, asciiOnly))).toBe(text);
    }),
  );
});

it("the shortest form of a float reads back the same, in every notation", () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom("e", "f", "g", "x"),
      (value, form) => {
        expect(parseFloat64(formatFloat(value, form as "e", -1)).value).toBe(value);
      },
    ),
  );
});

it("seventeen digits are exact", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(formatFloat(value, "e", 16))).toBe(value);
    }),
  );
});

it("Sprintf takes any format and any values", () => {
  const format = fc.stringMatching(/^([%+# 0*.[\]1-3a-zA-Z-]|%[vdsqxXTtfgeEcUbop]){0,8}$/);
  fc.assert(
    fc.property(format, fc.array(plain), (pattern, values) => {
      expect(
        typeof sprintf(
          pattern,
          values.map((value) => fromPlain(value)),
        ),
      ).toBe("string");
    }),
  );
});

it("deepEqual holds for equal data", () => {
  fc.assert(
    fc.property(plain, (value) => {
      expect(deepEqual(fromPlain(value), fromPlain(structuredClone(value)))).toBe(true);
    }),
  );
});

it("any template runs or fails with a SupervisorError", () => {
  const word = fc.constantFrom(
    "{{",
    "}}",
    "{{-",
    "-}}",
    " ",
    "\n",
    "if",
    "else",
    "end",
    "range",
    "with",
    "define",
    "template",
    "block",
    "break",
    "continue",
    "nil",
    ".",
    ".A",
    "$",
    "$x",
    ":=",
    "=",
    "|",
    "(",
    ")",
    ",",
    "print",
    "len",
    "index",
    '"a"',
    "`b`",
    "'c'",
    "1",
    "1.5",
    "0x1p4",
    "2i",
    "/*",
    "*/",
    "é",
    "upper",
    "list",
    "dict",
    "eq",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 16 }), plain, (words, data) => {
      try {
        expect(typeof execute(words.join(""), data)).toBe("string");
      } catch (error) {
        expect(error).toBeInstanceOf(SupervisorError);
      }
    }),
    { numRuns: 1000 },
  );
});
