import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duration } from "../../../../src/go/duration-type.ts";
import {
  basicTypes,
  decodeUtf8,
  GoScalar,
  GoStruct,
  type GoType,
  listOfStrings,
  mapStringAny,
  stringType,
} from "../../../../src/go/values/index.ts";
import { call, callBytes, callValue } from "./call.ts";

const targetType: GoType = {
  kind: "struct",
  name: "x.Target",
  fields: [
    { name: "Type", type: stringType, json: "type,omitempty" },
    { name: "File", type: stringType, json: "file,omitempty" },
    { name: "Plain", type: stringType },
    { name: "Skipped", type: stringType, json: "-" },
    { name: "hidden", type: stringType },
  ],
};

describe("writing JSON", () => {
  it.each([
    [{ b: 1, a: [1, null, true] }, '{"a":[1,null,true],"b":1}'],
    [1e21, "1e+21"],
    [1e20 + 0.5, "100000000000000000000"],
    [1e-7, "1e-7"],
    [0.000001, "0.000001"],
    [-0.5, "-0.5"],
    ["<é>&\u2028\b\f\u0001", '"\\u003cé\\u003e\\u0026\\u2028\\b\\f\\u0001"'],
    [{}, "{}"],
    [[], "[]"],
  ])("%j", (value, expected) => expect(call("toJson", value)).toBe(expected));

  it("follows tags, widths and types that write themselves", () => {
    expect(call("toJson", new GoStruct(targetType, ["file", "", "p", "s", "h"], undefined))).toBe(
      '{"type":"file","Plain":"p"}',
    );
    expect(call("toJson", new GoScalar(basicTypes.float32, Math.fround(0.1)))).toBe("0.1");
    expect(call("toJson", duration(5n))).toBe("5");
    expect(call("toJson", callValue("semver", "1.2"))).toBe('"1.2.0"');
    expect(call("toJson", callValue("mustToDate", "2006-01-02 -0700", "2020-01-02 +0200"))).toBe(
      '"2020-01-02T00:00:00+02:00"',
    );
    expect(callBytes("toJson", "a\xff")).toBe('"a\\ufffd"');
  });

  it("indents", () => {
    expect(call("toPrettyJson", { a: [1, {}], b: [] })).toBe(
      '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}',
    );
    expect(call("toRawJson", "<&>")).toBe('"<&>"');
  });

  it("says what it cannot write, or nothing", () => {
    const complex = new GoScalar(basicTypes.complex128, { real: 0, imaginary: 1 });
    expect(() => call("mustToJson", [complex])).toThrow("json: unsupported type: complex128");
    expect(() => call("mustToPrettyJson", Number.NaN)).toThrow("json: unsupported value: NaN");
    expect(call("toJson", Number.POSITIVE_INFINITY)).toBe("");
    expect(() => call("toRawJson", complex)).toThrow("json: unsupported type: complex128");
  });

  it("does not follow a map into itself", () => {
    const map = mapStringAny();
    map.entries.set("self", map);
    expect(() => call("mustToJson", map)).toThrow(
      "json: unsupported value: encountered a cycle via map[string]interface {}",
    );
    const shared = listOfStrings(["x"]);
    expect(call("toJson", { a: shared, b: shared })).toBe('{"a":["x"],"b":["x"]}');
  });
});

describe("reading JSON", () => {
  it.each([
    ["", "unexpected end of JSON input"],
    ["  ", "unexpected end of JSON input"],
    ["[1", "unexpected end of JSON input"],
    ['{"a"', "unexpected end of JSON input"],
    ['"abc', "unexpected end of JSON input"],
    ['"a\\', "invalid character ' ' in string escape code"],
    ['"\\u12"', "invalid character '\"' in \\u hexadecimal character escape"],
    ["tru", "invalid character ' ' in literal true (expecting 'e')"],
    ["nulL", "invalid character 'L' in literal null (expecting 'l')"],
    ["-", "invalid character ' ' in numeric literal"],
    ["1.x", "invalid character 'x' after decimal point in numeric literal"],
    ["1e", "invalid character ' ' in exponent of numeric literal"],
    ["[01]", "invalid character '1' after array element"],
    ["1 2", "invalid character '2' after top-level value"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ["{a:1}", "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
    ["[,]", "invalid character ',' looking for beginning of value"],
    ["'a'", "invalid character '\\'' looking for beginning of value"],
    ['"\n"', "invalid character '\\n' in string literal"],
    ["é", "invalid character 'Ã' looking for beginning of value"],
    ["1e999", "json: cannot unmarshal number 1e999 into Go value of type float64"],
  ])("refuses %j", (text, message) => expect(() => call("mustFromJson", text)).toThrow(message));

  it("keeps what it could read where sprig drops the error", () => {
    expect(call("fromJson", "[1e999, 2]")).toBe("[<nil> 2]");
    expect(call("fromJson", "[1")).toBe("<nil>");
  });

  it("refuses lists in lists without end", () => {
    expect(() => call("mustFromJson", "[".repeat(100_000))).toThrow("exceeded max depth");
  });

  it("reads escapes, pairs and doubled keys", () => {
    expect(call("fromJson", '"\\ud83d\\ude00 \\ud83d \\u00e9\\/"')).toBe("😀 \ufffd é/");
    expect(call("fromJson", '{"a":1,"a":2}')).toBe("map[a:2]");
    expect(callBytes("typeOf", callValue("fromJson", "5"))).toBe("float64");
  });

  it("reads what it wrote, and what JavaScript wrote", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        const written = decodeUtf8(callBytes("toRawJson", callValue("mustFromJson", JSON.stringify(value))));
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
