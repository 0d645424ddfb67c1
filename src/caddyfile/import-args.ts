/** What `import FILE a b` does to the words it brings in: `{args[0]}`, `{args[1:]}`, `{args.0}`. */
import type { Token } from "./token.ts";

/** A placeholder that Caddy cannot fill; the word stays as it is and Caddy logs a warning. */
type Warn = (message: string) => void;

const integer = /^[+-]?\d+$/;

function parseIndex(text: string): number | undefined {
  return integer.test(text) ? Number(text) : undefined;
}

/**
 * The arguments that a word such as `{args[1:]}` stands for, or undefined when it is no such word
 * (Caddy's parseVariadic).
 */
export function variadicArgs(
  word: string,
  args: readonly string[],
  warn: Warn,
): readonly string[] | undefined {
  if (!word.startsWith("{args[") || !word.endsWith("]}")) return undefined;
  const range = word.slice("{args[".length, -"]}".length);
  if (range === "") {
    warn(`Placeholder ${word} cannot have an empty index`);
    return undefined;
  }
  const colon = range.indexOf(":");
  if (colon < 0) return undefined;
  const start = colon === 0 ? 0 : parseIndex(range.slice(0, colon));
  const end = colon === range.length - 1 ? args.length : parseIndex(range.slice(colon + 1));
  if (start === undefined || end === undefined) {
    const which = start === undefined ? "start" : "end";
    warn(`Variadic placeholder ${word} has an invalid ${which} index`);
    return undefined;
  }
  if (start < 0 || start > end || end > args.length) {
    warn(`Variadic placeholder ${word} indices are out of bounds, only ${args.length} argument(s) exist`);
    return undefined;
  }
  return args.slice(start, end);
}

/** An index below zero: Caddy itself crashes on it. */
export class NegativeIndex extends Error {
  constructor(placeholder: string) {
    super(`Placeholder ${placeholder} has a negative index`);
  }
}

/**
 * A word with its `{args[N]}` and `{args.N}` filled in (Caddy's ReplaceKnown with the replacer of makeArgsReplacer).
 * Other placeholders stay; a backslash before a brace drops out.
 * @throws NegativeIndex
 */
export function replaceArgs(word: string, args: readonly string[], warn: Warn): string {
  if (!word.includes("{") && !word.includes("}")) return word;
  let out = "";
  let written = 0;
  let unclosed = 0;
  for (let at = 0; at < word.length; at++) {
    const open = word[at] === "{";
    if (at > 0 && word[at - 1] === "\\" && (open || word[at] === "}")) {
      out += word.slice(written, at - 1);
      written = at;
      continue;
    }
    if (!open) continue;
    // Caddy gives the whole word up here, and leaves it empty.
    if (unclosed > 100) return "";
    const close = unescapedClose(word, at);
    if (close < 0) {
      unclosed++;
      continue;
    }
    out += word.slice(written, at);
    const value = argument(word.slice(at + 1, close), args, warn);
    written = at;
    if (value === undefined) continue;
    out += value;
    at = close;
    written = close + 1;
  }
  return out + word.slice(written);
}

function unescapedClose(word: string, open: number): number {
  let close = word.indexOf("}", open);
  while (close > 0 && close < word.length - 1 && word[close - 1] === "\\")
    close = word.indexOf("}", close + 1);
  return close;
}

/** The older form first, as Caddy does; both match anywhere in the name of the placeholder. */
function argument(key: string, args: readonly string[], warn: Warn): string | undefined {
  const older = /args\.([^\n]+)/.exec(key)?.[1];
  const index = older ?? /args\[([^\n]+)\]/.exec(key)?.[1];
  if (index === undefined) return undefined;
  const placeholder = older === undefined ? `{args[${index}]}` : `{args.${index}}`;
  if (older === undefined && index.includes(":")) {
    warn(`Variadic placeholder ${placeholder} must be a token on its own`);
    return undefined;
  }
  const position = parseIndex(index);
  if (position === undefined) {
    warn(`Placeholder ${placeholder} has an invalid index`);
    return undefined;
  }
  if (position >= args.length) {
    warn(`Placeholder ${placeholder} index is out of bounds, only ${args.length} argument(s) exist`);
    return undefined;
  }
  if (position < 0) throw new NegativeIndex(placeholder);
  if (older !== undefined) warn(`Placeholder ${placeholder} deprecated, use {args[${index}]} instead`);
  return args[position];
}

/** The token with another text; the very same one when nothing changes. */
export function withText(token: Token, text: string): Token {
  return text === token.text ? token : { ...token, text };
}
