import { describe, expect, it } from "vitest";
import { nodeText } from "../../../../src/go/template/nodes.ts";
import { parseTrees } from "../../../../src/go/template/parser.ts";
import { encodeUtf8 } from "../../../../src/go/values/bytes.ts";

const functions = new Set(["print", "len"]);
const trees = (text: string) => parseTrees("t", encodeUtf8(text), (name) => functions.has(name));
const written = (text: string) => nodeText(trees(text).get("t") ?? { type: "list", at: 0, nodes: [] });

describe("nodes are written as Go writes them", () => {
  it.each([
    ["{{.A.B}}", "{{.A.B}}"],
    ["{{ print   1  | len }}", "{{print 1 | len}}"],
    ["{{ (print .).A.B }}", "{{(print .).A.B}}"],
    ["{{ $x, $y }}", undefined],
    ["{{ $x := 1 }}{{ $x = 2 }}{{ $x.A }}", "{{$x := 1}}{{$x = 2}}{{$x.A}}"],
    ["{{range $i,$e := .}}a{{break}}{{else}}b{{end}}", "{{range $i, $e := .}}a{{break}}{{else}}b{{end}}"],
    ["{{if .}}a{{else if 1}}b{{end}}", "{{if .}}a{{else}}{{if 1}}b{{end}}{{end}}"],
    ["{{with .}}a{{else with 1}}b{{end}}", "{{with .}}a{{else}}{{with 1}}b{{end}}{{end}}"],
    ['{{template `a` .}}{{block "b" .}}x{{end}}', '{{template "a" .}}{{template "b" .}}'],
    ["{{ 'a' }}{{ 0x10 }}{{ `r` }}{{ true }}{{ nil }}", "{{'a'}}{{0x10}}{{`r`}}{{true}}{{nil}}"],
  ])("%s", (text, expected) => {
    if (expected === undefined) expect(() => trees(text)).toThrow("too many declarations in command");
    else expect(written(text)).toBe(expected);
  });
});

describe("white space is trimmed beside the markers", () => {
  it.each([
    ["a \n{{- 1 -}}\n b", "a{{1}}b"],
    ["a {{- /* c */ -}} b", "ab"],
    ["a {{/* c */}} b", "a  b"],
    ["{{1 -}} ", "{{1}}"],
    ["{{- 1}}{{-1}}", "{{1}}{{-1}}"],
  ])("%o", (text, expected) => {
    expect(written(text)).toBe(expected);
  });
});

describe("errors are in Go's words", () => {
  it.each([
    ["{{", "unclosed action"],
    ["\n{{ 1\n", "t:3: unclosed action started at t:2"],
    ["{{ print (1\n}}", "t:2: unclosed left paren in action started at t:1"],
    ["{{ 1) }}", "unexpected right paren"],
    ["{{ print \x01 }}", "unrecognized character in action: U+0001"],
    ["{{ é }}", 'function "\xc3\xa9" not defined'],
    ["{{ 1 :1 }}", "expected :="],
    ["{{/* a }}", "unclosed comment"],
    ["{{/* a */ }}", "comment ends before closing delimiter"],
    ["{{ print, 1 }}", 'unexpected "," in operand'],
    ['{{ .A"b" }}', "bad character U+0022 '\"'"],
    ["{{ 'a }}", "unterminated character constant"],
    ["{{ `a }}", "unterminated raw quoted string"],
    ["{{ range $a, 1 := . }}{{ end }}", "range can only initialize variables"],
    ["{{ range $a, $b, $c := . }}{{ end }}", "too many declarations in range"],
    ["{{ if 1 }}{{ else }}{{ else }}{{ end }}", "expected end; found {{else}}"],
    ["{{ define 1 }}{{ end }}", 'unexpected "1" in define clause'],
    ['{{ define "a" }}{{ else }}{{ end }}', "unexpected {{else}} in define clause"],
    ['{{ if 1 }}{{ define "a" }}{{ end }}{{ end }}', "unexpected <define> in command"],
    ["{{ template }}", 'unexpected "}}" in template clause'],
    ["{{ 123456789012 3456789012345 | 1 }}", "non executable command in pipeline stage 2"],
    ['{{ if 1 }}"averylongstring"{{ end 12345678901 }}', 'unexpected "1234567890"... in end'],
    ["{{ range 1 }}{{ else }}{{ break }}{{ end }}", "{{break}} outside {{range}}"],
    ["{{ 1+2 }}", 'bad number syntax: "1+2"'],
    ["{{ 1+2i3 }}", 'bad number syntax: "1+2i3"'],
    ["{{ 9223372036854775808000 }}", 'integer overflow: "9223372036854775808000"'],
    ["{{ 08 }}", 'integer overflow: "08"'],
  ])("%o", (text, message) => {
    expect(() => trees(text)).toThrow(message);
  });

  it("begins with the name and the line", () => {
    expect(() => trees("a\nb{{ end }}")).toThrow("template: t:2: unexpected {{end}}");
  });
});

describe("definitions", () => {
  it("are collected, the last of two wins only where the first is blank", () => {
    expect([...trees('{{define "a"}} \n{{end}}{{define "a"}}x{{end}}y').keys()]).toEqual(["a", "t"]);
    expect(nodeText(trees('{{define "a"}} {{end}}{{define "a"}}x{{end}}').get("a")!)).toBe("x");
    expect(nodeText(trees('{{define "a"}}x{{end}}{{define "a"}} {{end}}').get("a")!)).toBe("x");
    expect(() => trees('{{define "a"}}x{{end}}{{define "a"}}y{{end}}')).toThrow(
      'template: multiple definition of template "a"',
    );
  });
  it("see no variables from around them", () => {
    expect(() => trees('{{ $x := 1 }}{{ block "b" . }}{{ $x }}{{ end }}')).toThrow('undefined variable "$x"');
  });
});

it("bounds nesting before the stack ends", () => {
  expect(() => trees(`{{ ${"(".repeat(100_000)}`)).toThrow("nested deeper than 200 levels");
  expect(() => trees("{{ if 1 }}".repeat(100_000))).toThrow("nested deeper than 200 levels");
});

it("lets functions be called break and continue", () => {
  const own = parseTrees("t", "{{ break }}{{ continue }}", () => true).get("t");
  expect(own?.nodes.map((node) => node.type)).toEqual(["action", "action"]);
});
