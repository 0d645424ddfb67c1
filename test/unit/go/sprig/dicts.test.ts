import { describe, expect, it } from "vitest";
import { anyMapType, GoMap } from "../../../../src/go/values/index.ts";
import { call, callValue } from "./call.ts";

const nilMap = new GoMap(anyMapType, new Map(), true);

describe("maps", () => {
  it("are shared", () => {
    const map = callValue("dict", "a", 1);
    callValue("set", map, "b", 2);
    expect(call("toString", map)).toBe("map[a:1 b:2]");
    callValue("unset", map, "a");
    expect(call("toString", map)).toBe("map[b:2]");
    expect(call("toString", callValue("deepCopy", map))).toBe("map[b:2]");
  });

  it("copies deeply", () => {
    const inner = callValue("dict", "x", 1);
    const copy = callValue("deepCopy", callValue("dict", "inner", inner));
    callValue("set", inner, "x", 2);
    expect(call("toString", copy)).toBe("map[inner:map[x:1]]");
    expect(() => call("deepCopy", null)).toThrow("reflect: call of reflect.Value.Type on zero Value");
  });

  it("takes any key and fills in a last value", () => {
    expect(call("dict", 1.5, "x", null, 1, "odd")).toBe("map[1.5:x <nil>:1 odd:]");
    expect(call("get", {}, "a")).toBe("");
    expect(() => call("set", nilMap, "a", 1)).toThrow("assignment to entry in nil map");
  });

  it("digs", () => {
    const map = { a: { b: { c: 1 }, n: null } };
    expect(call("dig", "a", "b", "c", "none", map)).toBe("1");
    expect(call("dig", "a", "x", "c", "none", map)).toBe("none");
    expect(call("dig", "a", "n", "none", map)).toBe("<nil>");
    expect(() => call("dig", "a", "n", "c", "none", map)).toThrow(
      "interface conversion: interface {} is nil, not map[string]interface {}",
    );
    expect(() => call("dig", 1, "none", map)).toThrow(
      "interface conversion: interface {} is int, not string",
    );
    expect(() => call("dig", "a", map)).toThrow("dig needs at least three arguments");
  });

  it.each([
    [{ a: 1 }, { a: 2, b: 3 }, "map[a:1 b:3]", "map[a:2 b:3]"],
    [{ a: "" }, { a: "x" }, "map[a:x]", "map[a:x]"],
    [{ a: "x" }, { a: "" }, "map[a:x]", "map[a:]"],
    [{ a: { b: 1 } }, { a: { b: 2, c: 3 } }, "map[a:map[b:1 c:3]]", "map[a:map[b:2 c:3]]"],
    [{ a: [1] }, { a: [] }, "map[a:[1]]", "map[a:[]]"],
    [{ a: 1 }, { a: { b: 1 } }, "map[a:1]", "map[a:map[b:1]]"],
    [{ a: { b: 1 } }, { a: 1 }, "map[a:map[b:1]]", "map[a:1]"],
    [{ a: 1 }, { a: null, b: null }, "map[a:1]", "map[a:<nil> b:<nil>]"],
    [{ a: null }, { a: { b: 1 } }, "map[a:map[b:1]]", "map[a:map[b:1]]"],
  ])("merges %j and %j", (left, right, kept, overwritten) => {
    expect(call("merge", left, right)).toBe(kept);
    expect(call("mergeOverwrite", left, right)).toBe(overwritten);
  });

  it("merges into a nil map and a map into itself", () => {
    expect(call("merge", nilMap, { a: 1 })).toBe("map[a:1]");
    const map = callValue("dict", "a", 1);
    expect(call("mergeOverwrite", map, map)).toBe("map[a:1]");
  });

  it("picks, omits, plucks, lists", () => {
    const map = { b: 2, a: 1, c: 3 };
    expect(call("pick", map, "a", "z")).toBe("map[a:1]");
    expect(call("omit", map, "a", "z")).toBe("map[b:2 c:3]");
    expect(call("pluck", "a", map, {}, { a: null })).toBe("[1 <nil>]");
    expect(call("keys", map, { z: 1 })).toBe("[a b c z]");
    expect(call("values", map)).toBe("[1 2 3]");
  });
});
