import { describe, expect, it } from "vitest";
import {
  anyMapType,
  basicTypes,
  decodeUtf8,
  deepEqual,
  encodeRune,
  encodeUtf8,
  fromPlain,
  GoMap,
  GoScalar,
  GoSlice,
  int,
  int64,
  isTrue,
  isValidUtf8,
  kindOf,
  listOfAny,
  mapOf,
  mapStringAny,
  runeCount,
  scalar,
  sliceOf,
  sortedKeys,
  stringType,
  typeName,
  zeroOf,
} from "../../../../src/go/values/index.ts";

describe("byte strings", () => {
  it("hold UTF-8 and give it back", () => {
    expect(encodeUtf8("é日🎉")).toBe("\xc3\xa9\xe6\x97\xa5\xf0\x9f\x8e\x89");
    expect(decodeUtf8(encodeUtf8("é日🎉\0"))).toBe("é日🎉\0");
    expect(encodeUtf8("\ud800")).toBe("\xef\xbf\xbd");
  });
  it.each([
    ["a\xff\xfeb", "a\ufffd\ufffdb"],
    ["\xe6\x97", "\ufffd\ufffd"],
    ["\xe6\x97x", "\ufffd\ufffdx"],
    ["\xc0\xaf", "\ufffd\ufffd"],
    ["\xed\xa0\x80", "\ufffd\ufffd\ufffd"],
    ["\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd"],
    ["\xf0\x9f\x8e", "\ufffd\ufffd\ufffd"],
  ])("each invalid byte of %o is one replacement character", (bytes, text) => {
    expect(decodeUtf8(bytes)).toBe(text);
    expect(isValidUtf8(bytes)).toBe(false);
    expect(runeCount(bytes)).toBe(text.length);
  });
  it("encode runes, invalid ones as U+FFFD", () => {
    expect([65, 0xe9, 0x65e5, 0x1f389].map(encodeRune).map(decodeUtf8)).toEqual(["A", "é", "日", "🎉"]);
    expect([-1, 0xd800, 0x110000].map(encodeRune).map(decodeUtf8)).toEqual(["\ufffd", "\ufffd", "\ufffd"]);
  });
});

describe("types", () => {
  it("are interned", () => {
    expect(sliceOf(basicTypes.int)).toBe(sliceOf(basicTypes.int));
    expect(mapOf(stringType, sliceOf(stringType))).toBe(mapOf(stringType, sliceOf(stringType)));
    expect(mapOf(stringType, stringType)).not.toBe(anyMapType);
  });
  it("have Go's names", () => {
    expect([1n, 1, "a", true, null, int64(1), mapStringAny(), listOfAny([])].map(typeName)).toEqual([
      "int",
      "float64",
      "string",
      "bool",
      "<nil>",
      "int64",
      "map[string]interface {}",
      "[]interface {}",
    ]);
    expect(kindOf(null)).toBe("invalid");
  });
  it("wrap integers at their width", () => {
    expect(int(2n ** 63n)).toBe(-(2n ** 63n));
    expect(scalar(basicTypes.uint8, 257n)).toEqual(new GoScalar(basicTypes.uint8, 1n));
    expect(scalar(basicTypes.int, 5n)).toBe(5n);
  });
});

it("zero values, empty lists and nil are false", () => {
  const falsy = [0n, 0, "", false, null, int64(0), listOfAny([]), mapStringAny(), zeroOf(anyMapType)];
  expect(falsy.map(isTrue)).toEqual(falsy.map(() => false));
  const truthy = [1n, 0.1, " ", true, Number.NaN, int64(-1), listOfAny([null]), mapStringAny([["", null]])];
  expect(truthy.map(isTrue)).toEqual(truthy.map(() => true));
});

describe("deepEqual", () => {
  it("needs equal types and values all the way down", () => {
    expect(deepEqual(listOfAny([1n, "a"]), listOfAny([1n, "a"]))).toBe(true);
    expect(deepEqual(listOfAny([1n]), listOfAny([int64(1)]))).toBe(false);
    expect(deepEqual(1n, 1)).toBe(false);
    expect(deepEqual(mapStringAny([["a", null]]), mapStringAny([["b", null]]))).toBe(false);
    expect(deepEqual(Number.NaN, Number.NaN)).toBe(false);
  });
  it("tells a nil slice from an empty one", () => {
    expect(deepEqual(zeroOf(anyMapType), mapStringAny())).toBe(false);
    expect(deepEqual(new GoSlice(sliceOf(stringType), [], true), new GoSlice(sliceOf(stringType), []))).toBe(
      false,
    );
  });
  it("ends on cycles", () => {
    const [left, right] = [mapStringAny(), mapStringAny()];
    left.entries.set("self", left);
    right.entries.set("self", right);
    expect(deepEqual(left, right)).toBe(true);
    right.entries.set("more", 1n);
    expect(deepEqual(left, right)).toBe(false);
  });
});

it("keys sort by value, NaN first", () => {
  const floats = new GoMap(
    mapOf(basicTypes.float64, stringType),
    new Map([
      [2, "b"],
      [10, "c"],
      [Number.NaN, "a"],
    ]),
  );
  expect(sortedKeys(floats)).toEqual([Number.NaN, 2, 10]);
  expect(
    sortedKeys(
      mapStringAny([
        ["b", 1n],
        ["a", 1n],
        ["B", 1n],
      ]),
    ),
  ).toEqual(["B", "a", "b"]);
});

describe("fromPlain", () => {
  it("turns JavaScript data into Go's", () => {
    expect(fromPlain({ a: [1, 1.5, 2n, "é", true, null, undefined] })).toEqual(
      mapStringAny([["a", listOfAny([1n, 1.5, 2n, encodeUtf8("é"), true, null, null])]]),
    );
    expect(fromPlain(2 ** 53)).toBe(2 ** 53);
  });
  it("takes own keys only", () => {
    const inherited = Object.create({ secret: 1 }) as object;
    expect(fromPlain(inherited)).toEqual(mapStringAny());
    expect(fromPlain(JSON.parse('{"__proto__":1}'))).toEqual(mapStringAny([["__proto__", 1n]]));
  });
  it("refuses what Go cannot hold", () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    expect(() => fromPlain(cyclic)).toThrow("nested too deep");
    expect(() => fromPlain({ run: () => 1 })).toThrow("a function cannot be given to a template");
  });
});
