import { boundBytes, encodeRune } from "../values/index.ts";
import { isLower, isSpace, isTitle, isUpper, lowerRune, titleRune, upperRune } from "./unicode.ts";

const marker = "...";

/** Text cut to `width` bytes with dots at its end, from byte `offset` on also at its start (goutils.AbbreviateFull). */
function abbreviateFrom(text: string, offset: number, width: number): string {
  if (text.length <= width) return text;
  // As much of the end as fits is shown where less than that is left after the offset.
  const start = Math.min(offset, text.length, text.length - (width - marker.length));
  if (start <= 4) return text.slice(0, width - marker.length) + marker;
  if (start + width - marker.length < text.length)
    return marker + abbreviateFrom(text.slice(start), 0, width - marker.length);
  return marker + text.slice(text.length - (width - marker.length));
}

/** sprig's abbrev: a width below 4 leaves the text alone. */
export function abbreviate(width: number, text: string): string {
  return width < 4 ? text : abbreviateFrom(text, 0, width);
}

/** sprig's abbrevboth */
export function abbreviateBoth(left: number, right: number, text: string): string {
  return right < 4 || (left > 0 && right < 7) ? text : abbreviateFrom(text, left, right);
}

/** goutils reads bytes as if they were runes; so do these two. */
const isSpaceByte = (byte: string) => isSpace(byte);
const byteAsRune = (byte: string) => encodeRune(byte.charCodeAt(0));

/** First letters of the words (goutils.Initials). */
export function initials(text: string): string {
  let out = "";
  let wordStarts = true;
  for (const byte of text) {
    const gap = isSpaceByte(byte);
    if (!gap && wordStarts) out += byteAsRune(byte);
    wordStarts = gap;
  }
  return out;
}

/** The text without white space (goutils.DeleteWhiteSpace); untouched when there is none. */
export function deleteWhiteSpace(text: string): string {
  const kept = [...text].filter((byte) => !isSpaceByte(byte));
  return kept.length === text.length ? text : kept.map(byteAsRune).join("");
}

/** Lower case for the first letter of each word (goutils.Uncapitalize). */
export function uncapitalize(text: string): string {
  let out = "";
  let wordStarts = true;
  for (const character of text) {
    const gap = isSpace(character);
    out += !gap && wordStarts ? lowerRune(character) : character;
    wordStarts = gap;
  }
  return out;
}

/** Upper case for lower and the reverse; a lower-case letter that starts a word gets its title form (goutils.SwapCase). */
export function swapCase(text: string): string {
  let out = "";
  let wordStarts = true;
  for (const character of text) {
    if (isUpper(character) || isTitle(character)) out += lowerRune(character);
    else if (isLower(character)) out += (wordStarts ? titleRune : upperRune)(character);
    else {
      out += character;
      wordStarts = isSpace(character);
      continue;
    }
    wordStarts = false;
  }
  return out;
}

/** Go's strings.Title: letters, digits and underscores make words. */
export function titleCase(text: string): string {
  let out = "";
  let wordStarts = true;
  for (const character of text) {
    out += wordStarts ? titleRune(character) : character;
    wordStarts =
      character < "\x80"
        ? !/[0-9A-Za-z_]/.test(character)
        : !/\p{L}|\p{Nd}/u.test(character) && isSpace(character);
  }
  return out;
}

/**
 * Breaks a line at spaces so that none is longer than `width` bytes (goutils.WrapCustom). Longer words are broken
 * where `breakWords` says so, else left to run over.
 */
export function wrapWords(text: string, width: number, lineBreak: string, breakWords: boolean): string {
  const limit = Math.max(width, 1);
  const newLine = lineBreak === "" ? "\n" : lineBreak;
  let out = "";
  let at = 0;
  while (text.length - at > limit) {
    if (text[at] === " ") {
      at++;
      continue;
    }
    const space = text.slice(at, at + limit + 1).lastIndexOf(" ");
    const nextSpace = space >= 0 ? at + space : breakWords ? -1 : text.indexOf(" ", at + limit);
    if (nextSpace < 0 && !breakWords) break;
    const end = nextSpace < 0 ? at + limit : nextSpace;
    out += text.slice(at, end) + newLine;
    boundBytes(out.length);
    at = nextSpace < 0 ? end : end + 1;
  }
  return out + text.slice(at);
}
