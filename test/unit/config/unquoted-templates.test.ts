import { expect, it } from "vitest";
import { lex } from "../../../src/caddyfile/lexer.ts";
import { plainSource } from "../../../src/caddyfile/source.ts";
import { unquotedTemplates } from "../../../src/config/unquoted-templates.ts";

const notices = (text: string) => unquotedTemplates(lex(plainSource(text, "Caddyfile")));

it.each([
  ["app {{add 8000 .Replica}} x", "quote the template '{{add 8000 .Replica}}': it is read as 3 words"],
  ["app --port={{ .Replica }}", "quote the template '--port={{ .Replica }}': it is read as 3 words"],
  ["app {{.Replica}}", "quote the template '{{.Replica}}': `caddy fmt` would damage it"],
  ['app {{ printf "%d" 1 }}', `'{{ printf "%d" 1 }}': it is read as 5 words`],
  ["app {{ .Replica\n}}", "quote the template '{{': `caddy fmt` would damage it"],
])("%s", (text, message) => {
  expect(notices(text)[0]?.message).toContain(message);
});

it("counts each template once, and marks it from its begin to its end", () => {
  const [first, second, none] = notices("app {{ 1 }} {{ 2 }}");
  expect(first?.place).toMatchObject({ column: 5, end: { line: 1, column: 12 } });
  expect(second?.place).toMatchObject({ column: 13, end: { line: 1, column: 20 } });
  expect(none).toBeUndefined();
});

it("suggests backticks around a template with quotes in it", () => {
  expect(notices('app {{ printf "%d" 1 }}')[0]?.hint).toBe('write `{{ printf "%d" 1 }}`');
  expect(notices('app {{printf(a"%d")}}')[0]?.hint).toBe('write `{{printf(a"%d")}}`');
});

it("minds no quoted ones", () => {
  expect(notices('app "{{ 1 }}" `{{ 2 }}` {$X} {args[0]}')).toEqual([]);
});
