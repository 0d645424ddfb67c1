import { describe, expect, it } from "vitest";
import { SupervisorError } from "../../../../src/errors.ts";
import { execute, parse } from "../../../../src/go/template/index.ts";

const seen: unknown[] = [];
const funcs = {
  shout: (text: string) => text.toUpperCase(),
  see: (...values: unknown[]) => {
    seen.push(...values);
    return values.length;
  },
  give: (what: string) =>
    ({ list: [1, "é", null], map: { a: 1.5, b: { c: true } }, big: 2n ** 53n, nothing: undefined })[what],
  refuse: () => {
    throw new Error("no é");
  },
  later: async () => 1,
  upper: (text: string) => `<${text}>`,
};

describe("JavaScript functions", () => {
  it.each([
    ['{{ shout "é" }}{{ "a" | shout | len }}', "É1"],
    [
      "{{ give `list` | toJson }} {{ range give `list` }}[{{ . }}]{{ end }}",
      '[1,"é",null] [1][é][<no value>]',
    ],
    ["{{ (give `map`).b.c }} {{ (give `map`).a | printf `%T` }}", "true float64"],
    ["{{ give `big` | add1 }} {{ give `nothing` | default 3 }}", "9007199254740993 3"],
    ["{{ upper `a` }} {{ lower `A` }}", "<a> a"],
  ])("%s", (text, output) => {
    expect(execute(text, {}, { funcs })).toBe(output);
  });

  it("are given plain values", () => {
    seen.length = 0;
    const text = "{{ see `é` 1 1.5 true nil .l .m (int64 7) 9223372036854775807 (split `,` `a,b`) }}";
    expect(execute(text, { l: [1, [2]], m: { k: "v" } }, { funcs })).toBe("10");
    expect(seen).toEqual([
      "é",
      1,
      1.5,
      true,
      null,
      [1, [2]],
      { k: "v" },
      7,
      9223372036854775807n,
      { _0: "a", _1: "b" },
    ]);
  });

  it.each([
    ["{{ refuse }}", "error calling refuse: no é"],
    ["{{ later }}", "error calling later: a template cannot wait for a promise"],
    ["{{ see 1i }}", "error calling see: a complex128 cannot be given to a JavaScript function"],
    ["{{ $d := dict }}{{ $_ := set $d `d` $d }}{{ see $d }}", "nested deeper than 500 levels"],
    ["{{ constructor }}", 'function "constructor" not defined'],
  ])("%s fails", (text, message) => {
    expect(() => execute(text, {}, { funcs })).toThrow(message);
    expect(() => execute(text, {}, { funcs })).toThrow(SupervisorError);
  });

  it("must have a name that templates can write", () => {
    expect(() => parse("a", { funcs: { "a-b": () => 1 } })).toThrow(
      new TypeError('function name "a-b" is not a valid identifier'),
    );
    expect(() => parse("a", { funcs: { a: 1 as unknown as () => number } })).toThrow(
      new TypeError("value for a not a function"),
    );
  });

  it("do not bring a key named __proto__ to life", () => {
    const keys = (value: object) => [Object.keys(value), Object.getPrototypeOf(value) === Object.prototype];
    expect(execute('{{ keys (dict "__proto__" (dict "a" 1)) }}', {}, { funcs: { keys } })).toBe(
      "[[__proto__] true]",
    );
  });

  it("are parsed once with their object", () => {
    expect(parse("{{ shout `a` }}", { funcs })).toBe(parse("{{ shout `a` }}", { funcs }));
    expect(parse("{{ upper `a` }}")).not.toBe(parse("{{ upper `a` }}", { funcs }));
  });
});

describe("errors have a place", () => {
  it.each([
    ["{{ fail `x` }}", 1, 4],
    ["a\n日本 é {{ upper 1 }}", 2, 15],
    ["a\n{{ nope }}", 2, 4],
    ["{{ if 1 }}\nabc", 2, 4],
    ["é {{ `a", 1, 6],
  ])("%j", (text, line, column) => {
    const error = (() => {
      try {
        execute(text, {});
      } catch (thrown) {
        return thrown as SupervisorError;
      }
      return undefined;
    })();
    expect(error?.place).toEqual({ file: "supervisor", line, column });
  });
});
