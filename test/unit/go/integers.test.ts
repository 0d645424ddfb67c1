import { expect, it } from "vitest";
import { SupervisorError } from "../../../src/errors.ts";
import { parseInteger } from "../../../src/go/integers.ts";

it.each([
  ["0", 0n],
  ["+007", 7n],
  ["-9223372036854775808", -(2n ** 63n)],
])("parseInteger(%s)", (text, value) => {
  expect(parseInteger(text)).toBe(value);
});

it.each([
  ["", 'strconv.Atoi: parsing "": invalid syntax'],
  ["0x1", 'strconv.Atoi: parsing "0x1": invalid syntax'],
  ["１", 'strconv.Atoi: parsing "１": invalid syntax'],
  ["9223372036854775808", 'strconv.Atoi: parsing "9223372036854775808": value out of range'],
])("refuses %o in Go's words", (text, message) => {
  expect(() => parseInteger(text)).toThrow(new SupervisorError("INTEGER", message));
});
