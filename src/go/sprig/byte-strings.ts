import {
  boundBytes,
  boundElements,
  type DecodedRune,
  decodeRune,
  decodeUtf8,
  encodeUtf8,
  GoError,
  runeCount,
  runesOf,
} from "../values/index.ts";
import { isSpace } from "./unicode.ts";

/** math.MaxInt */
const maximumInt = 2n ** 63n - 1n;

/** The bytes of each rune; an invalid byte is a rune of its own (strings.explode). */
function explode(text: string): string[] {
  boundElements(runeCount(text));
  return Array.from(runesOf(text), ({ at, size }) => text.slice(at, at + size));
}

/** strings.Split */
export function splitBytes(text: string, separator: string): string[] {
  return separator === "" ? explode(text) : text.split(separator);
}

/** strings.SplitN: at most `limit` parts, none for 0, all for a negative limit. */
export function splitBytesN(text: string, separator: string, limit: bigint): string[] {
  if (limit === 0n) return [];
  const parts = splitBytes(text, separator);
  if (limit < 0n || BigInt(parts.length) <= limit) return parts;
  const kept = Number(limit) - 1;
  return [...parts.slice(0, kept), parts.slice(kept).join(separator)];
}

/** strings.ReplaceAll; an empty `search` stands before and after every rune. */
export function replaceBytes(text: string, search: string, replacement: string): string {
  if (search === "") {
    boundBytes(text.length + (runeCount(text) + 1) * replacement.length);
    return [...explode(text).map((rune) => replacement + rune), replacement].join("");
  }
  const parts = text.split(search);
  boundBytes(text.length + (parts.length - 1) * (replacement.length - search.length));
  return parts.join(replacement);
}

/**
 * strings.Repeat
 * @throws GoError for a negative count or a text that is too long
 */
export function repeatBytes(text: string, count: bigint): string {
  if (count < 0n) throw new GoError("strings: negative Repeat count");
  const length = BigInt(text.length) * count;
  if (length > maximumInt) throw new GoError("strings: Repeat output length overflow");
  boundBytes(length);
  return text === "" ? "" : text.repeat(Number(count));
}

/** The last rune of the text before byte `end` (utf8.DecodeLastRuneInString). */
function lastRuneBefore(text: string, end: number): DecodedRune {
  for (let size = Math.min(4, end); size > 1; size--) {
    const decoded = decodeRune(text, end - size);
    if (decoded.size === size) return decoded;
  }
  return decodeRune(text.slice(end - 1, end), 0);
}

/** The runes that fit off both ends (strings.TrimFunc). */
function trimWhere(text: string, fits: (rune: number) => boolean): string {
  let start = 0;
  let end = text.length;
  while (start < end) {
    const { rune, size } = decodeRune(text, start);
    if (!fits(rune)) break;
    start += size;
  }
  while (end > start) {
    const { rune, size } = lastRuneBefore(text, end);
    if (!fits(rune)) break;
    end -= size;
  }
  return text.slice(start, end);
}

/** strings.Trim: the runes of `cutset` off both ends. */
export function trimBytes(text: string, cutset: string): string {
  const unwanted = new Set(Array.from(runesOf(cutset), ({ rune }) => rune));
  return trimWhere(text, (rune) => unwanted.has(rune));
}

/** strings.TrimSpace: Unicode's white space off both ends. */
export function trimSpaceBytes(text: string): string {
  return trimWhere(text, (rune) => isSpace(String.fromCodePoint(rune)));
}

/** `change` applied to the text's characters instead of its bytes. */
export function onText(bytes: string, change: (text: string) => string): string {
  return encodeUtf8(change(decodeUtf8(bytes)));
}
