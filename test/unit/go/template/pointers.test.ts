import { describe, expect, it } from "vitest";
import { execute } from "../../../../src/go/template/index.ts";
import {
  basicTypes,
  type GoFunctionEntry,
  type GoMethod,
  GoPointer,
  GoStruct,
  type GoType,
  integerOf,
  pointerTo,
} from "../../../../src/go/values/index.ts";

const methods: readonly GoMethod[] = [
  {
    name: "Plus",
    signature: "func(int) int",
    call: (receiver, [more = null]) =>
      BigInt(Number((receiver as GoStruct).fields[0])) + (integerOf(more) ?? 0n),
  },
  { name: "Pair", signature: "func() (int, int)", call: () => null },
];
const counterType: GoType = {
  kind: "struct",
  name: "m.Counter",
  fields: [
    { name: "Count", type: basicTypes.int },
    { name: "secret", type: basicTypes.int },
  ],
  methods: new Map(methods.map((method) => [method.name, method])),
};
const counter = new GoStruct(counterType, [5n, 1n], undefined);
const takesCounter: GoFunctionEntry = {
  name: "takes",
  signature: "func(m.Counter) int",
  types: [counterType],
  call: ([value]) => (value as GoStruct).fields[0] ?? null,
};
const takesPointer: GoFunctionEntry = {
  ...takesCounter,
  name: "takesPointer",
  signature: "func(*m.Counter) string",
  call: ([value]) => String((value as GoPointer).target === null),
};

const data = {
  at: new GoPointer(pointerTo(counterType), counter),
  none: new GoPointer(pointerTo(counterType), null),
  bare: counter,
};
const funcs = new Map([takesCounter, takesPointer].map((entry) => [entry.name, entry]));
const run = (text: string) => execute(text, data, { funcs, name: "t" });

describe("pointers are followed where Go follows them", () => {
  it.each([
    ["{{ .at.Count }} {{ .at.Plus 2 }} {{ .bare.Plus 1 }} {{ 3 | .at.Plus }}", "5 7 6 8"],
    ["{{ .at }} {{ .none }} {{ printf `%v %T` .at .at }}", "{5 1} <nil> &{5 1} *m.Counter"],
    ["{{ if .none }}a{{ else }}b{{ end }}{{ if .at }}a{{ end }}", "ba"],
    ["{{ eq .at .at }} {{ eq .none nil }}", "true true"],
    ["{{ takes .at }} {{ takes .bare }} {{ takesPointer nil }}", "5 5 true"],
  ])("%s", (text, output) => {
    expect(run(text)).toBe(output);
  });

  it.each([
    ["{{ (.none).Count }}", "nil pointer evaluating *m.Counter.Count"],
    ["{{ (.none).Nope }}", "can't evaluate field Nope in type *m.Counter"],
    ["{{ .at.secret }}", "secret is an unexported field of struct type interface {}"],
    ["{{ .at.Count 1 }}", "Count has arguments but cannot be invoked as function"],
    ["{{ .at.Plus }}", "wrong number of args for Plus: want 1 got 0"],
    ["{{ .at.Plus `a` }}", "expected integer; found `a`"],
    ["{{ .at.Pair }}", "invalid function signature for Pair: second return value should be error; is int"],
    ["{{ takes .none }}", "dereference of nil pointer of type m.Counter"],
    ["{{ takes 1 }}", "can't handle 1 for arg of type m.Counter"],
    ["{{ len .none }}", "len of nil pointer"],
    ["{{ range .none }}{{ end }}", "range can't iterate over <nil>"],
  ])("%s is refused", (text, message) => {
    expect(() => run(text)).toThrow(message);
  });
});
