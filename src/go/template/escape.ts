import { sprint } from "../fmt/sprint.ts";
import { isPrintable } from "../strconv/quote.ts";
import { runesOf } from "../values/bytes.ts";
import type { GoValue } from "../values/model.ts";
import { indirect } from "./reflected.ts";

const htmlEscapes: Readonly<Record<string, string>> = {
  "\0": "\xef\xbf\xbd",
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};

const jsEscapes: Readonly<Record<string, string>> = { "\\": "\\\\", "'": "\\'", '"': '\\"' };

function hexUnit(rune: number): string {
  return `\\u${rune.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The arguments of an escaper as one text: what cannot be printed is `<no value>`. */
function joined(args: readonly GoValue[]): string {
  return sprint(args.map((value) => (value === null ? "<no value>" : indirect(value).value)));
}

/** The `html` of templates. */
export function html(args: readonly GoValue[]): string {
  return joined(args).replace(/[\0"'&<>]/g, (char) => htmlEscapes[char] ?? char);
}

/** The `js` of templates: safe inside a JavaScript string. */
export function js(args: readonly GoValue[]): string {
  const text = joined(args);
  let out = "";
  for (const { at, rune, size } of runesOf(text)) {
    const own = text.slice(at, at + size);
    const special = rune < 0x80 ? /[\\'"<>&=\x00-\x1f]/.test(own) : !isPrintable(rune);
    out += special ? (jsEscapes[own] ?? hexUnit(rune)) : own;
  }
  return out;
}

/** The `urlquery` of templates (url.QueryEscape). */
export function urlquery(args: readonly GoValue[]): string {
  return joined(args).replace(/[^A-Za-z0-9_.~-]/g, (byte) =>
    byte === " " ? "+" : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
