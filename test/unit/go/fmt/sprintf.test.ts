import { describe, expect, it } from "vitest";
import { duration } from "../../../../src/go/duration-type.ts";
import { sprintf } from "../../../../src/go/fmt/index.ts";
import {
  basicTypes,
  decodeUtf8,
  encodeUtf8,
  type GoMethod,
  GoPointer,
  GoScalar,
  GoSlice,
  GoStruct,
  type GoType,
  type GoValue,
  listOfAny,
  listOfInts,
  listOfStrings,
  mapStringAny,
  pointerTo,
  scalar,
  sliceOf,
  zeroOf,
} from "../../../../src/go/values/index.ts";

function format(pattern: string, ...operands: GoValue[]): string {
  const bytes = operands.map((operand) => (typeof operand === "string" ? encodeUtf8(operand) : operand));
  return decodeUtf8(sprintf(encodeUtf8(pattern), bytes));
}

type Case = readonly [pattern: string, operands: readonly GoValue[], expected: string];

function table(name: string, cases: readonly Case[]): void {
  describe(name, () => {
    it.each(cases)("%s of %o", (pattern, operands, expected) => {
      expect(format(pattern, ...operands)).toBe(expected);
    });
  });
}

const uint8 = (value: number) => new GoScalar(basicTypes.uint8, BigInt(value));
const complex = (real: number, imaginary: number) => new GoScalar(basicTypes.complex128, { real, imaginary });
const pointType: GoType = {
  kind: "struct",
  name: "geo.Point",
  fields: [
    { name: "X", type: basicTypes.int },
    { name: "Label", type: basicTypes.string },
  ],
};
const point = new GoStruct(pointType, [3n, "a"], undefined);

function withMethod(name: string, call: GoMethod["call"]): GoType {
  return { kind: "int", name: "m.T", methods: new Map([[name, { name, signature: "func() string", call }]]) };
}

table("integers", [
  ["%d|%5d|%-5d|%05d|%+d|% d", [7n, 7n, 7n, 7n, 7n, 7n], "7|    7|7    |00007|+7| 7"],
  ["%05d|%+06d|%-05d|", [-7n, 7n, 7n], "-0007|+00007|7    |"],
  ["%.3d|%8.3d|%08.3d|%.0d|", [7n, -7n, -7n, 0n], "007|    -007|    -007||"],
  ["%b %o %O %x %X", [5n, 8n, 8n, 255n, 255n], "101 10 0o10 ff FF"],
  ["%#b %#o %#x %#X %#x", [5n, 8n, 255n, 255n, -255n], "0b101 010 0xff 0XFF -0xff"],
  [
    "%c|%3c|%q|%+q|%#U|%U",
    [0x65e5n, 65n, 65n, 0x65e5n, 0x65e5n, 10n],
    "日|  A|'A'|'\\u65e5'|U+65E5 '日'|U+000A",
  ],
  ["%c", [-1n], "\ufffd"],
  ["%v %#v", [uint8(9), uint8(9)], "9 0x9"],
  ["%d", [-9223372036854775808n], "-9223372036854775808"],
  ["%e", [1n], "%!e(int=1)"],
]);

table("floats", [
  ["%v %v %v %v %v", [1, 1e6, 1e-5, 123456789, 100000], "1 1e+06 1e-05 1.23456789e+08 100000"],
  ["%f %.0f %.0f %.1f %.3f", [1.5, 0.5, 2.5, 2.25, 1 / 3], "1.500000 0 2 2.2 0.333"],
  ["%e %E %.2e %g %G", [12345.678, 1e-10, 0, 1e21, 1e-7], "1.234568e+04 1.000000E-10 0.00e+00 1e+21 1E-07"],
  ["%.3g %.10g %#g %#.4g", [1234.5678, 1234.5678, 1e6, 1], "1.23e+03 1234.5678 1.00000e+06 1.000"],
  [
    "%8.2f|%-8.2f|%08.2f|%+.1f|% .1f|%+08.2f",
    [2.34567, 2.34567, -2.34567, 2.5, 2.5, 1],
    "    2.35|2.35    |-0002.35|+2.5| 2.5|+0001.00",
  ],
  [
    "%v %v %v %+g %5v|%05v",
    [
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ],
    "+Inf -Inf NaN +NaN   NaN| +Inf",
  ],
  ["%v %g", [-0, 0], "-0 0"],
  ["%x %X %.3x %b", [1, -0.1, 1.999, 1], "0x1p+00 -0X1.999999999999AP-04 0x1.ffcp+00 4503599627370496p-52"],
  [
    "%v %v",
    [
      new GoScalar(basicTypes.float32, Math.fround(0.1)),
      new GoScalar(basicTypes.float32, Math.fround(16777216)),
    ],
    "0.1 1.6777216e+07",
  ],
  ["%.20f", [0.1], "0.10000000000000000555"],
  ["%.30g", [5e-324], "4.94065645841246544176568792868e-324"],
  ["%d %s", [1.5, 1.5], "%!d(float64=1.5) %!s(float64=1.5)"],
]);

table("strings", [
  [
    "%s|%5s|%-5s|%.2s|%5.1s|%05s",
    ["日本", "日本", "日本", "日本語", "日本", "ab"],
    "日本|   日本|日本   |日本|    日|000ab",
  ],
  ["%q %+q %#q %#q", ['a"b\n', "é", "ab", "a`b"], '"a\\"b\\n" "\\u00e9" `ab` "a`b"'],
  [
    "%x %X % x %#x %# x %.1x|%6x|%-6x|",
    ["hi", "hi", "hi", "hi", "hi", "hi", "hi", "hi"],
    "6869 6869 68 69 0x6869 0x68 0x69 68|  6869|6869  |",
  ],
  ["%x|%3x|", ["", ""], "|   |"],
  ["%d %t", ["a", "a"], "%!d(string=a) %!t(string=a)"],
  ["%v %#v", ["a", "a"], 'a "a"'],
]);

table("other values", [
  ["%t %v %5t|%q", [true, false, true, true], "true false  true|%!q(bool=true)"],
  ["%v %+g %.1f", [complex(1, -2), complex(1, 2), complex(1, 2)], "(1-2i) (+1+2i) (1.0+2.0i)"],
  ["%v %d %s %T", [null, null, null, null], "<nil> %!d(<nil>) %!s(<nil>) <nil>"],
  [
    "%v %d %s %q %x",
    [
      listOfAny([1n, "a", null]),
      listOfInts([1n, 2n]),
      listOfAny([1n]),
      listOfStrings(["a b", "c"]),
      listOfStrings(["hi", "j"]),
    ],
    '[1 a <nil>] [1 2] [%!s(int=1)] ["a b" "c"] [6869 6a]',
  ],
  ["%05d", [listOfInts([1n, 2n])], "[00001 00002]"],
  [
    "%#v %#v",
    [listOfAny([1n, "a", null]), zeroOf(sliceOf(basicTypes.string))],
    '[]interface {}{1, "a", interface {}(nil)} []string(nil)',
  ],
  [
    "%v %#v",
    [
      mapStringAny([
        ["b", 1n],
        ["a", null],
      ]),
      mapStringAny([["b", 1n]]),
    ],
    'map[a:<nil> b:1] map[string]interface {}{"b":1}',
  ],
  [
    "%v %+v %#v %d",
    [point, point, point, point],
    '{3 a} {X:3 Label:a} geo.Point{X:3, Label:"a"} {3 %!d(string=a)}',
  ],
  [
    "%v %+v",
    [new GoPointer(pointerTo(pointType), point), new GoPointer(pointerTo(pointType), point)],
    "&{3 a} &{X:3 Label:a}",
  ],
  [
    "%v %#v %s",
    [zeroOf(pointerTo(pointType)), zeroOf(pointerTo(pointType)), zeroOf(pointerTo(pointType))],
    "<nil> (*geo.Point)(nil) %!s(*geo.Point=<nil>)",
  ],
  [
    "%s %q %v %x",
    [
      new GoSlice(sliceOf(basicTypes.uint8), [uint8(104), uint8(105)]),
      new GoSlice(sliceOf(basicTypes.uint8), [uint8(104)]),
      new GoSlice(sliceOf(basicTypes.uint8), [uint8(104)]),
      new GoSlice(sliceOf(basicTypes.uint8), [uint8(104)]),
    ],
    'hi "h" [104] 68',
  ],
]);

table("methods", [
  [
    "%v %s %d %q %x",
    [duration(1_500_000_000n), duration(1n), duration(1n), duration(1n), duration(1n)],
    '1.5s 1ns 1 "1ns" 316e73',
  ],
  ["%10v|%-10v|", [duration(1n), duration(1n)], "       1ns|1ns       |"],
  ["%t", [duration(1n)], "%!t(time.Duration=1)"],
  ["%v", [listOfAny([duration(1n)])], "[1ns]"],
  [
    "%v",
    [
      scalar(
        withMethod("Error", () => "bad"),
        1n,
      ),
    ],
    "bad",
  ],
  [
    "%#v",
    [
      scalar(
        withMethod("GoString", () => "m.T(1)"),
        1n,
      ),
    ],
    "m.T(1)",
  ],
]);

table("malformed formats", [
  ["%", [], "%!(NOVERB)"],
  ["%5", [1n], "%!(NOVERB)%!(EXTRA int=1)"],
  ["%!", [], "%!!(MISSING)"],
  ["%d %d", [1n], "1 %!d(MISSING)"],
  ["%d", [1n, "a", null], "1%!(EXTRA string=a, <nil>)"],
  ["%%|%5%|%d", [1n], "%|%|1"],
  ["%z %日", [1n, 1n], "%!z(int=1) %!日(int=1)"],
  ["%w", [1n], "%!w(int=1)"],
]);

table("argument indexes and stars", [
  ["%[2]d %[1]d", [1n, 2n], "2 1"],
  ["%[2]*[1]d|", [7n, 5n], "    7|"],
  ["%[3]d %[0]d %[x]d %[", [1n], "%!d(BADINDEX) %!d(BADINDEX) %!d(BADINDEX) %!(NOVERB)"],
  ["%[1]2d", [1n], "%!d(BADINDEX)"],
  ["%[1].2d", [1n], "%!d(BADINDEX)"],
  ["%.[2]*[1]f", [2.34567, 2n], "2.35"],
  ["%*d|%-*d|%*d|", [5n, 42n, 5n, 42n, -5n, 42n], "   42|42   |42   |"],
  ["%*d", ["x", 42n], "%!(BADWIDTH)42"],
  ["%.*d", [-1n, 42n], "%!(BADPREC)42"],
  ["%*d", [10_000_001n, 42n], "%!(BADWIDTH)42"],
]);

it("refuses values that are too deep or too large to print", () => {
  const cyclic = mapStringAny();
  cyclic.entries.set("self", cyclic);
  expect(() => format("%v", cyclic)).toThrow("nested deeper than 500 levels");
  let shared: GoValue = mapStringAny();
  for (let level = 0; level < 60; level++) shared = listOfAny([shared, shared]);
  expect(() => format("%v", shared)).toThrow("too large");
});
