import { describe, expect, it } from "vitest";
import { SupervisorError } from "../../../../src/errors.ts";
import { execute, executeOptions, parse, type TemplateData } from "../../../../src/go/template/index.ts";
import { GoFunc, type GoFunctionEntry } from "../../../../src/go/values/index.ts";

const none: ReadonlyMap<string, GoFunctionEntry> = new Map();
const run = (text: string, data: unknown = {}) => execute(text, data, { funcs: none, name: "t" });
const at = (place: string, node: string, message: string) =>
  `template: t:${place}: executing "t" at <${node}>: ${message}`;

const options: TemplateData = {
  command: "php-fpm",
  replica: 3,
  args: ["-y", "é"],
  dir: "/srv",
  env: ["A=1"],
  redirectStdout: { type: "file", file: "/var/log/out.log" },
  redirectStderr: { type: "stderr" },
  restartPolicy: "on_failure",
  terminationGracePeriod: 90_000_000_000n,
  user: "www-data",
  stopSignal: 3,
};

describe("statements", () => {
  it.each([
    [
      "{{ range .l }}{{ if eq . 2 }}{{ continue }}{{ end }}{{ if eq . 4 }}{{ break }}{{ end }}{{ . }}{{ end }}!",
      "13!",
    ],
    ["{{ range $i, $e := .l }}{{ $i }}{{ $e }} {{ end }}", "01 12 23 34 45 "],
    ["{{ range $k, $v := .m }}{{ $k }}={{ $v }} {{ end }}", "a=1 b=2 "],
    ["{{ range .none }}a{{ else }}b{{ end }}{{ range 0 }}a{{ else }}b{{ end }}", "bb"],
    ["{{ range 2 }}{{ range 2 }}{{ break }}{{ end }}x{{ end }}", "xx"],
    ["{{ $s := 0 }}{{ range $s = .l }}{{ end }}{{ $s }}", "5"],
    ["{{ $x := 1 }}{{ range 2 }}{{ $x }}{{ $x := 9 }}{{ $x = 8 }}{{ end }}{{ $x }}", "111"],
    ["{{ with .m }}{{ .a }}{{ $.l }}{{ else }}-{{ end }}", "1[1 2 3 4 5]"],
    ["{{ with $x := 0 }}a{{ else }}{{ $x }}{{ end }}", "0"],
    [
      '{{ define "f" }}{{ if . }}{{ . }}{{ template "g" . }}{{ end }}{{ end }}{{ define "g" }}({{ . }}){{ end }}{{ template "f" 2 }}',
      "2(2)",
    ],
    ['{{ range 2 }}{{ block "b" . }}[{{ . }}]{{ end }}{{ end }}', "[0][1]"],
    ['{{ template "x" }}{{ define "x" }}{{ . }}{{ end }}', "<no value>"],
    [
      '{{ range 3 }}{{ template "x" . }}{{ end }}{{ define "x" }}{{ range 3 }}{{ break }}{{ end }}{{ . }}{{ end }}',
      "012",
    ],
  ])("%s", (text, output) => {
    expect(run(text, { l: [1, 2, 3, 4, 5], m: { b: 2, a: 1 } })).toBe(output);
  });
});

describe("errors name the place and the node", () => {
  it.each([
    ["{{ .s.Foo }}", at("1:5", ".s.Foo", "can't evaluate field Foo in type interface {}")],
    ["\n {{ range .l }}{{ .Foo }}{{ end }}", at("2:18", ".Foo", "nil pointer evaluating interface {}.Foo")],
    ["{{ (index .l 0).Foo }}{{ .s 1 }}", at("1:25", ".s", "s is not a method but has arguments")],
    ["{{ nil }}", at("1:3", "nil", "nil is not a command")],
    ["{{ print 1 2 | len }}{{ len 1 | print }}", at("1:24", "len 1", "error calling len: len of type int")],
    ["{{ 1 2 }}", at("1:3", "1", "can't give argument to non-function 1")],
    ["{{ (print 1) 2 }}", at("1:3", "(print 1) 2", "can't give argument to non-function print 1")],
    ["{{ $x := 1 }}{{ $x.y }}", at("1:18", "$x.y", "can't evaluate field y in type int")],
    ["{{ printf 1 }}", at("1:10", "1", "expected string; found 1")],
    ["{{ printf nil }}", at("1:10", "nil", "cannot assign nil to string")],
    ["{{ printf .none }}", at("1:10", ".none", "invalid value; expected string")],
    ["{{ printf .l }}", at("1:10", ".l", "wrong type for value; expected string; got []interface {}")],
    ["{{ not }}", at("1:3", "not", "wrong number of args for not: want 1 got 0")],
    ["{{ 1 | not 2 }}", at("1:7", "not", "wrong number of args for not: want 1 got 2")],
    ["{{ index .s 9 }}", at("1:3", "index .s 9", "error calling index: index out of range: 9")],
    ["{{ index .s 1 }}", at("1:3", "index .s 1", "error calling index: reflect: string index out of range")],
    ["{{ index .l 0 1 }}", at("1:3", "index .l 0 1", "error calling index: index of nil pointer")],
    ["{{ call .s }}", at("1:3", "call .s", "error calling call: non-function .s of type string")],
    [
      '{{ define "d" }}{{ .s.x }}{{ end }}{{ template "d" . }}',
      'template: t:1:21: executing "d" at <.s.x>: can\'t evaluate field x in type interface {}',
    ],
  ])("%o", (text, message) => {
    expect(() => run(text, { s: "a", l: [null] })).toThrow(
      expect.objectContaining({ code: "TEMPLATE", message }),
    );
  });
});

describe("comparisons", () => {
  it.each([
    [
      "{{ eq 1 2 1 }} {{ eq .u 1 }} {{ eq 1.5 1.5 }} {{ eq nil .none }} {{ ne .l nil }}",
      "true true true true true",
    ],
    ["{{ lt 1 2 }} {{ le 2 2 }} {{ gt .u 0 }} {{ ge 1 2 }} {{ lt `a` `b` }}", "true true true false true"],
    ["{{ and 1 0 2 }} {{ or 0 `x` 2 }} {{ 0 | and 1 }} {{ not 0 }}", "0 x 0 true"],
  ])("%s", (text, output) => {
    expect(run(text, { u: 1n, l: [] })).toBe(output);
  });

  it.each([
    ["{{ eq .l .l }}", "non-comparable type []: []interface {}"],
    ["{{ eq .l .m }}", "non-comparable types []: []interface {}, map[string]interface {}: map[]"],
    ["{{ lt true false }}", "invalid type for comparison"],
    ["{{ lt nil 1 }}", "invalid type for comparison"],
    ["{{ lt 1 `a` }}", "incompatible types for comparison"],
  ])("%s is refused", (text, message) => {
    expect(() => run(text, { l: [], m: {} })).toThrow(message);
  });
});

describe("slice, without sprig's", () => {
  it.each([
    ["{{ slice .s 1 3 }} {{ slice .s }} {{ slice .l 1 }} {{ slice .l 0 1 2 }}", "bc abcd [2 3] [1]"],
    ["{{ printf `%q` (slice `é` 0 1) }}", '"\\xc3"'],
  ])("%s", (text, output) => {
    expect(run(text, { s: "abcd", l: [1, 2, 3] })).toBe(output);
  });
  it.each([
    ["{{ slice .s 3 1 }}", "invalid slice index: 3 > 1"],
    ["{{ slice .s 0 1 2 }}", "cannot 3-index slice a string"],
    ["{{ slice 1 }}", "can't slice item of type int"],
    ["{{ slice nil }}", "slice of untyped nil"],
    ["{{ slice .l `a` }}", "cannot index slice/array with type string"],
    ["{{ slice .l 1 2 3 4 }}", "too many slice indexes: 4"],
  ])("%s is refused", (text, message) => {
    expect(() => run(text, { s: "abcd", l: [1, 2, 3] })).toThrow(message);
  });
});

it("calls function values, and checks their arguments", () => {
  const add: GoFunctionEntry = {
    name: "add",
    signature: "func(int, ...int) int",
    call: (args) => args.reduce<bigint>((sum, value) => sum + (value as bigint), 0n),
  };
  const data = { add: new GoFunc(add) };
  expect(run("{{ call .add 1 2 3 }}", data)).toBe("6");
  expect(() => run("{{ call .add }}", data)).toThrow("wrong number of args for .add: got 0 want at least 1");
  expect(() => run("{{ call .add `a` }}", data)).toThrow(
    "arg 0: wrong type for value; expected int; got string",
  );
  expect(() => run("{{ .add }}", data)).toThrow("can't print {{.add}} of type func(int, ...int) int");
});

describe("the options of a replica", () => {
  it.each([
    [
      "{{ . }}",
      "{php-fpm 3 [-y é] /srv [A=1] {file /var/log/out.log} {stderr } on_failure 1m30s www-data quit}",
    ],
    [
      "{{ printf `%T %T %T` .StopSignal .RestartPolicy .TerminationGracePeriod }}",
      "syscall.Signal supervisor.RestartPolicy time.Duration",
    ],
    ["{{ .StopSignal.String }} {{ .TerminationGracePeriod.Minutes }} {{ index .Args 1 }}", "quit 1.5 é"],
  ])("%s", (text, output) => {
    expect(executeOptions(text, options)).toBe(output);
  });
  it("refuses os.Signal's marker method as Go does", () => {
    expect(() => executeOptions("{{ .StopSignal.Signal }}", options)).toThrow(
      "function Signal has 0 return values; should be 1 or 2",
    );
  });
});

describe("nothing but Go's values is in reach", () => {
  it.each([
    ["{{ .constructor }}{{ .__proto__ }}{{ .toString }}", "<no value><no value><no value>"],
    ['{{ index . "__proto__" }}', "<no value>"],
  ])("%s", (text, output) => {
    expect(run(text)).toBe(output);
  });
  it.each(["{{ .s.length }}", "{{ .l.length }}", "{{ constructor }}", "{{ .s.constructor }}"])(
    "%s is an error",
    (text) => {
      expect(() => run(text, { s: "a", l: [] })).toThrow(SupervisorError);
    },
  );
});

describe("bounds", () => {
  it("templates nest as deep as Go's", () => {
    expect(() => run('{{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }}')).toThrow(
      "exceeded maximum template depth (100000)",
    );
  });
  it("loops end", () => {
    expect(() => run("{{ range 1000000000000 }}{{ end }}")).toThrow("exceeded maximum number of steps");
  });
  it("output ends", () => {
    expect(() => run("{{ range 100 }}{{ printf `%1000000d` 1 }}{{ end }}")).toThrow(
      "exceeded maximum output",
    );
  });
  it("values stop doubling", () => {
    expect(() => run('{{ $x := "ab" }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}')).toThrow(
      "result exceeds",
    );
  });
});

it.each([
  "{{ until 9223372036854775807 }}",
  "{{ untilStep 0 -9223372036854775807 -1 }}",
  "{{ seq 1000000000000 }}",
  "{{ repeat 1000000000 `x` }}",
  "{{ randAlpha 1000000000 }}",
  "{{ randBytes 1000000000 }}",
])("%s is refused before it fills the memory", (text) => {
  expect(() => execute(text, {})).toThrow("result exceeds");
});

it("takes the environment, clock and time zone from its options alone", () => {
  const surroundings = { env: { NAME: "é" }, now: new Date(0), timeZone: "UTC" };
  expect(execute('{{ env "NAME" }}{{ env "PATH" }}', {}, surroundings)).toBe("é");
  expect(execute('{{ now | date "2006-01-02 15:04 MST" }}', {}, surroundings)).toBe("1970-01-01 00:00 UTC");
});

it("parses once what runs often", () => {
  const template = parse("{{ .a }}");
  expect(parse("{{ .a }}")).toBe(template);
  expect(parse("{{ .a }}", { name: "other" })).not.toBe(template);
  expect([template.execute({ a: 1 }), template.execute({ a: "é" })]).toEqual(["1", "é"]);
});
