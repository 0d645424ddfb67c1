import { describe, expect, it } from "vitest";
import { GoSlice, type GoValue } from "../../../../src/go/values/index.ts";
import { call, callValue } from "./call.ts";

describe("lists", () => {
  it("does not change the list it is given", () => {
    const list = callValue("list", 1, 2);
    callValue("append", list, 3);
    callValue("prepend", list, 0);
    callValue("reverse", list);
    expect(call("toString", list)).toBe("[1 2]");
  });

  it.each([
    ["first", [], "<nil>"],
    ["last", [1, 2], "2"],
    ["rest", [1, 2, 3], "[2 3]"],
    ["initial", [1, 2, 3], "[1 2]"],
    ["reverse", [1, 2, 3], "[3 2 1]"],
    ["compact", [0, 1, "", "a", null, false, [], {}], "[1 a]"],
    ["uniq", [1, 1, 1.5, 1.5, "1", null, null, [1], [1]], "[1 1.5 1 <nil> [1]]"],
  ])("%s of %j", (name, list, expected) => expect(call(name, list)).toBe(expected));

  it.each([
    ["first", "Cannot find first on type string"],
    ["rest", "Cannot find rest on type string"],
    ["compact", "Cannot compact on type string"],
    ["uniq", "Cannot find uniq on type string"],
    ["mustReverse", "Cannot find reverse on type string"],
    ["concat", "Cannot concat type string as list"],
    ["slice", "list should be type of slice or array but string"],
  ])("%s refuses a string", (name, message) => expect(() => call(name, "abc")).toThrow(message));

  it("trips over nil as Go does", () => {
    expect(() => call("first", null)).toThrow(
      "runtime error: invalid memory address or nil pointer dereference",
    );
    expect(call("has", 1, null)).toBe("false");
  });

  it.each([
    [2, [1, 2, 3], "[[1 2] [3]]"],
    [3, [1, 2, 3], "[[1 2 3]]"],
    [1, [], "[]"],
    [-1, [1, 2], "[]"],
    [-2, [1], "[[1]]"],
  ])("chunks of %d", (size, list, expected) => expect(call("chunk", size, list)).toBe(expected));

  it.each([
    [0, [1, 2]],
    [-1, [1, 2, 3]],
    [-1, [1]],
    [-2, []],
  ])("cannot make chunks of %d out of %j", (size, list) =>
    expect(() => call("chunk", size, list)).toThrow("runtime error: makeslice: len out of range"),
  );

  it("cuts, and lets a part grow back into its list", () => {
    const list = callValue("list", 1, 2, 3, 4);
    expect(call("slice", list, 1, 3)).toBe("[2 3]");
    expect(call("slice", list, "1")).toBe("[2 3 4]");
    const part = callValue("slice", list, 1, 2);
    expect(call("slice", part, 0, 3)).toBe("[2 3 4]");
    expect(() => call("slice", part, 0, 4)).toThrow("reflect.Value.Slice: slice index out of bounds");
    expect(() => call("slice", list, 3, 2)).toThrow("reflect.Value.Slice: slice index out of bounds");
  });

  it("tells nil lists from empty ones", () => {
    const isNil = (value: GoValue) => value instanceof GoSlice && value.isNil;
    expect(isNil(callValue("rest", []))).toBe(true);
    expect(isNil(callValue("concat"))).toBe(true);
    expect(isNil(callValue("list"))).toBe(false);
    expect(isNil(callValue("compact", [0]))).toBe(false);
    expect(isNil(callValue("regexFindAll", "x", "y", -1n))).toBe(true);
  });
});
