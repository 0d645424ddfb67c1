import { decodeRune, decodeUtf8, encodeUtf8, GoError, runesOf } from "../values/index.ts";

/** The longest string that JavaScript engines hold. */
const longestString = 2 ** 29 - 24;

/** The bytes of each rune; an invalid byte is a rune of its own (strings.explode). */
function explode(text: string): string[] {
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
  if (search !== "") return text.replaceAll(search, () => replacement);
  return [...explode(text).map((rune) => replacement + rune), replacement].join("");
}

/**
 * strings.Repeat
 * @throws GoError for a negative count or a text beyond what memory holds
 */
export function repeatBytes(text: string, count: bigint): string {
  if (count < 0n) throw new GoError("strings: negative Repeat count");
  if (BigInt(text.length) * count > BigInt(longestString))
    throw new GoError("strings: Repeat output length overflow");
  return text === "" ? "" : text.repeat(Number(count));
}

/** strings.Trim: the runes of `cutset` off both ends. */
export function trimBytes(text: string, cutset: string): string {
  const unwanted = new Set(Array.from(runesOf(cutset), ({ rune }) => rune));
  const runes = [...runesOf(text)];
  const first = runes.find(({ rune }) => !unwanted.has(rune));
  const last = runes.findLast(({ rune }) => !unwanted.has(rune));
  return first && last ? text.slice(first.at, last.at + last.size) : "";
}

/** strings.TrimSpace: Unicode's white space off both ends. */
export function trimSpaceBytes(text: string): string {
  const runes = [...runesOf(text)];
  const isSpace = ({ rune }: { rune: number }) => /^\p{White_Space}$/u.test(String.fromCodePoint(rune));
  const first = runes.find((rune) => !isSpace(rune));
  const last = runes.findLast((rune) => !isSpace(rune));
  return first && last ? text.slice(first.at, last.at + last.size) : "";
}

/** `change` applied to the text's characters instead of its bytes. */
export function onText(bytes: string, change: (text: string) => string): string {
  return encodeUtf8(change(decodeUtf8(bytes)));
}

/** The rune at a byte and its width, as a character. */
export function characterAt(bytes: string, at: number): { character: string; size: number; rune: number } {
  const { rune, size } = decodeRune(bytes, at);
  return { character: String.fromCodePoint(rune), size, rune };
}
