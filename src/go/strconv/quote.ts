import { decodeRune, runeError, runesOf } from "../values/bytes.ts";

/** Escapes that have a letter of their own. */
const letterEscapes: ReadonlyMap<number, string> = new Map([
  [0x07, "\\a"],
  [0x08, "\\b"],
  [0x0c, "\\f"],
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x09, "\\t"],
  [0x0b, "\\v"],
]);

/** strconv.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export function isPrintable(rune: number): boolean {
  if (rune < 0x80) return rune >= 0x20 && rune !== 0x7f;
  // In here: V8 needs half a millisecond for such a pattern, and most texts never get here.
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(String.fromCodePoint(rune));
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

/** One rune inside `quote` marks; `bytes` are the rune's own bytes, given back where they may stand as they are. */
function escapeRune(rune: number, bytes: string, quote: string, asciiOnly: boolean): string {
  if (rune === quote.charCodeAt(0) || rune === 0x5c) return `\\${String.fromCharCode(rune)}`;
  if (asciiOnly ? rune < 0x80 && isPrintable(rune) : isPrintable(rune)) return bytes;
  const letter = letterEscapes.get(rune);
  if (letter !== undefined) return letter;
  if (rune < 0x20 || rune === 0x7f) return `\\x${hex(rune, 2)}`;
  return rune < 0x10000 ? `\\u${hex(rune, 4)}` : `\\U${hex(rune, 8)}`;
}

/** strconv.Quote, or QuoteToASCII: a Go string literal of the bytes. Invalid bytes show as `\xHH`. */
export function quote(bytes: string, asciiOnly = false): string {
  let out = '"';
  for (const { at, rune, size } of runesOf(bytes)) {
    const own = bytes.slice(at, at + size);
    out +=
      rune === runeError && size === 1
        ? `\\x${hex(own.charCodeAt(0), 2)}`
        : escapeRune(rune, own, '"', asciiOnly);
  }
  return `${out}"`;
}

/** strconv.QuoteRune, or QuoteRuneToASCII, of a rune given as its bytes. */
export function quoteRune(bytes: string, asciiOnly = false): string {
  return `'${escapeRune(decodeRune(bytes, 0).rune, bytes, "'", asciiOnly)}'`;
}

/** strconv.CanBackquote: whether the text can stand on one line between back quotes. */
export function canBackquote(bytes: string): boolean {
  for (const { rune, size } of runesOf(bytes)) {
    if (size > 1 ? rune === 0xfeff : rune === runeError || (rune < 0x20 && rune !== 0x09)) return false;
    if (rune === 0x60 || rune === 0x7f) return false;
  }
  return true;
}
