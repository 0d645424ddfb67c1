import { expect, it } from "vitest";
import { decodeGoJson, encodeGoJson } from "../../../src/admin/go-json.ts";

const again = (text: string) => encodeGoJson(decodeGoJson(Buffer.from(text)));

it.each([
  ['{"b":1,"a":{"d":[],"c":null}}', '{"a":{"c":null,"d":[]},"b":1}'],
  ['"<&>\\u2028\\u2029"', '"\\u003c\\u0026\\u003e\\u2028\\u2029"'],
  ['"\\ud800x"', '"\ufffdx"'],
  ['"\\ud83d\\ude00"', '"😀"'],
  ['{"\\ud83d\\ude00":1,"\\uffee":2}', '{"\uffee":2,"😀":1}'],
  ["9007199254740993", "9007199254740992"],
  ["1e21", "1e+21"],
  ["100000000000000000000", "100000000000000000000"],
  ["0.0000001", "1e-7"],
  ["0.000001", "0.000001"],
  ["-0", "-0"],
  ["1.0", "1"],
  ['{"a":1,"a":2}', '{"a":2}'],
  ['{"__proto__":1}', '{"__proto__":1}'],
])("%s is written as %s", (text, written) => {
  expect(again(text)).toBe(written);
});

it.each([
  ["{bad", "invalid character 'b' looking for beginning of object key string"],
  ["[1] x", "invalid character 'x' after top-level value"],
  ["[", "unexpected end of JSON input"],
  ['{"a":1e999}', "json: cannot unmarshal number 1e999 into Go value of type float64"],
  ["[".repeat(2_000) + "]".repeat(2_000), "exceeded max depth"],
  ["[".repeat(200_000) + "]".repeat(200_000), "exceeded max depth"],
])("%.20s is refused in Go's words", (text, message) => {
  expect(() => decodeGoJson(Buffer.from(text))).toThrow(message);
});
