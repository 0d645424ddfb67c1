import { decodeRune, encodeRune } from "../values/bytes.ts";

const letters: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/** Digits after `\x`, `\u` and `\U`. */
const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

interface Unit {
  /** Bytes that the unit stands for. */
  readonly bytes: string;
  /** Its code point; a byte's value for `\x` and octal escapes. */
  readonly rune: number;
  /** Where the next unit starts. */
  readonly next: number;
}

function isSurrogateOrBeyond(rune: number): boolean {
  return rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff);
}

/** One character or escape at byte `at` of a literal in `quote` marks (strconv.UnquoteChar); undefined if it is malformed. */
function unitAt(text: string, at: number, quote: string): Unit | undefined {
  const first = text[at];
  if (first === undefined || first === quote || first === "\n") return undefined;
  if (first !== "\\") {
    const { rune, size } = decodeRune(text, at);
    // An invalid byte is kept in strings as U+FFFD's bytes, as Go re-encodes what it decoded.
    return { bytes: encodeRune(rune), rune, next: at + size };
  }
  const kind = text[at + 1] ?? "";
  const letter = kind === quote ? quote : Object.hasOwn(letters, kind) ? letters[kind] : undefined;
  if (letter !== undefined) return { bytes: letter, rune: letter.charCodeAt(0), next: at + 2 };
  const octal = /^[0-7]{3}/.exec(text.slice(at + 1, at + 4))?.[0];
  if (octal !== undefined) {
    const byte = Number.parseInt(octal, 8);
    return byte > 255 ? undefined : { bytes: String.fromCharCode(byte), rune: byte, next: at + 4 };
  }
  const length = Object.hasOwn(hexLengths, kind) ? hexLengths[kind] : undefined;
  if (length === undefined) return undefined;
  const digits = text.slice(at + 2, at + 2 + length);
  if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
  const rune = Number.parseInt(digits, 16);
  if (kind === "x") return { bytes: String.fromCharCode(rune), rune, next: at + 4 };
  return isSurrogateOrBeyond(rune) ? undefined : { bytes: encodeRune(rune), rune, next: at + 2 + length };
}

/** strconv.Unquote of a `"…"` or back-quoted literal; undefined where Go answers `invalid syntax`. */
export function unquote(literal: string): string | undefined {
  const quote = literal[0];
  if (literal.length < 2 || quote !== literal.at(-1)) return undefined;
  const end = literal.length - 1;
  if (quote === "`") {
    const body = literal.slice(1, end);
    return body.includes("`") ? undefined : body.replaceAll("\r", "");
  }
  if (quote !== '"') return undefined;
  let out = "";
  for (let at = 1; at < end; ) {
    const unit = unitAt(literal, at, '"');
    if (!unit || unit.next > end) return undefined;
    out += unit.bytes;
    at = unit.next;
  }
  return out;
}

/** The code point of a `'x'` literal: undefined if malformed, `malformed` if more than one character stands there. */
export function unquoteRune(literal: string): number | "malformed" | undefined {
  const unit = unitAt(literal, 1, "'");
  if (!unit) return undefined;
  return literal.slice(unit.next) === "'" ? unit.rune : "malformed";
}
