/**
 * Go's unicode package on single characters. Go maps one rune to one rune, where JavaScript follows the full case
 * mappings of Unicode (ß to SS); where the two part, Go's simple mapping is found another way.
 */

function single(text: string): boolean {
  return text.length === 1 || (text.length === 2 && (text.codePointAt(0) as number) > 0xffff);
}

/** Greek letters with an iota below have a capital of one rune, which JavaScript spells in two. */
function capitalWithIota(character: string): string {
  const rune = character.codePointAt(0) as number;
  if (rune >= 0x1f80 && rune <= 0x1faf) return String.fromCodePoint(rune | 8);
  return rune === 0x1fb3 || rune === 0x1fc3 || rune === 0x1ff3 ? String.fromCodePoint(rune + 9) : character;
}

/** unicode.ToUpper */
export function upperRune(character: string): string {
  const upper = character.toUpperCase();
  return single(upper) ? upper : capitalWithIota(character);
}

/** unicode.ToLower */
export function lowerRune(character: string): string {
  const lower = character.toLowerCase();
  return single(lower) ? lower : character === "\u0130" ? "i" : character;
}

/** Digraphs whose title form is their own: DŽ Dž dž and the like, each group in that order. */
const digraphs = ["\u01c4\u01c5\u01c6", "\u01c7\u01c8\u01c9", "\u01ca\u01cb\u01cc", "\u01f1\u01f2\u01f3"];

/** unicode.ToTitle */
export function titleRune(character: string): string {
  const digraph = digraphs.find((group) => group.includes(character));
  if (digraph) return digraph[1] as string;
  // Georgian has capitals for headings only: a title keeps the letters.
  return /[\u10d0-\u10fa\u10fd-\u10ff]/.test(character) ? character : upperRune(character);
}

export const isUpper = (character: string) => /^\p{Lu}$/u.test(character);
export const isLower = (character: string) => /^\p{Ll}$/u.test(character);
export const isTitle = (character: string) => /^\p{Lt}$/u.test(character);
/** unicode.IsSpace */
export const isSpace = (character: string) => /^\p{White_Space}$/u.test(character);

/** The text with each character mapped: the engine of strings.ToUpper and its like. */
export function mapRunes(text: string, map: (character: string) => string): string {
  let out = "";
  for (const character of text) out += map(character);
  return out;
}
