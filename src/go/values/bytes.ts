/**
 * Go strings are byte sequences. Here each is a JavaScript string whose code units are bytes (0..255), so that
 * length, slicing, indexing and comparison are Go's without conversion. Text enters through {@link encodeUtf8}
 * and leaves through {@link decodeUtf8}; nothing between the two may hold a code unit above 255.
 */

const nonAscii = /[\x80-\uffff]/;
const replacement = "\ufffd";

/** U+FFFD, what Go's decoder yields for a byte that starts no valid sequence. */
export const runeError = 0xfffd;

/** The UTF-8 bytes of `text` as a Go string. A lone surrogate becomes U+FFFD, as Go has no surrogates. */
export function encodeUtf8(text: string): string {
  return nonAscii.test(text) ? Buffer.from(text, "utf8").toString("latin1") : text;
}

/** A Go string as text; each byte that is not part of valid UTF-8 becomes one U+FFFD (Go's range over a string). */
export function decodeUtf8(bytes: string): string {
  if (!nonAscii.test(bytes)) return bytes;
  const text = Buffer.from(bytes, "latin1").toString("utf8");
  if (!text.includes(replacement)) return text;
  // WHATWG decoding merges the bytes of a truncated sequence into one U+FFFD; Go counts them one by one.
  let out = "";
  for (const { rune } of runesOf(bytes)) out += String.fromCodePoint(rune);
  return out;
}

export interface DecodedRune {
  /** The code point, {@link runeError} where the bytes are invalid. */
  readonly rune: number;
  /** Bytes consumed; 1 for an invalid byte. */
  readonly size: number;
}

const invalid: DecodedRune = { rune: runeError, size: 1 };

function continuation(bytes: string, at: number): number {
  const byte = at < bytes.length ? bytes.charCodeAt(at) : 0;
  return (byte & 0xc0) === 0x80 ? byte & 0x3f : -1;
}

/** The rune that starts at byte `at` (utf8.DecodeRuneInString): overlong forms and surrogates are invalid. */
export function decodeRune(bytes: string, at: number): DecodedRune {
  const first = bytes.charCodeAt(at);
  if (first < 0x80) return { rune: first, size: 1 };
  if (first < 0xc2 || first > 0xf4) return invalid;
  const second = continuation(bytes, at + 1);
  if (second < 0) return invalid;
  if (first < 0xe0) return { rune: ((first & 0x1f) << 6) | second, size: 2 };
  const third = continuation(bytes, at + 2);
  if (third < 0) return invalid;
  if (first < 0xf0) {
    const rune = ((first & 0x0f) << 12) | (second << 6) | third;
    return rune < 0x800 || (rune >= 0xd800 && rune <= 0xdfff) ? invalid : { rune, size: 3 };
  }
  const fourth = continuation(bytes, at + 3);
  if (fourth < 0) return invalid;
  const rune = ((first & 0x07) << 18) | (second << 12) | (third << 6) | fourth;
  return rune < 0x10000 || rune > 0x10ffff ? invalid : { rune, size: 4 };
}

export interface RuneAt extends DecodedRune {
  /** Byte offset of the rune. */
  readonly at: number;
}

/** Go's `for i, r := range s`. */
export function* runesOf(bytes: string): Generator<RuneAt> {
  for (let at = 0; at < bytes.length; ) {
    const { rune, size } = decodeRune(bytes, at);
    yield { at, rune, size };
    at += size;
  }
}

/** utf8.RuneCountInString. */
export function runeCount(bytes: string): number {
  if (!nonAscii.test(bytes)) return bytes.length;
  let count = 0;
  for (let at = 0; at < bytes.length; at += decodeRune(bytes, at).size) count++;
  return count;
}

/** The UTF-8 bytes of one code point; an invalid one gives U+FFFD (utf8.AppendRune). */
export function encodeRune(rune: number): string {
  if (rune >= 0 && rune < 0x80) return String.fromCharCode(rune);
  const bad = rune < 0 || rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff);
  return encodeUtf8(String.fromCodePoint(bad ? runeError : rune));
}

/** Whether the bytes are valid UTF-8 (utf8.ValidString). */
export function isValidUtf8(bytes: string): boolean {
  if (!nonAscii.test(bytes)) return true;
  for (const { rune, size } of runesOf(bytes)) if (rune === runeError && size === 1) return false;
  return true;
}
