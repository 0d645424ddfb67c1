import { formatFloat } from "../strconv/format-float.ts";
import { encodeUtf8, GoError, runeError, runesOf } from "../values/index.ts";

const shortEscapes: ReadonlyMap<number, string> = new Map([
  [0x22, '\\"'],
  [0x5c, "\\\\"],
  [0x08, "\\b"],
  [0x0c, "\\f"],
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x09, "\\t"],
]);

/** What JavaScript once took for line ends, and what HTML would read. */
const lineSeparators: ReadonlySet<number> = new Set([0x2028, 0x2029]);
const htmlCharacters: ReadonlySet<number> = new Set([0x3c, 0x3e, 0x26]);

function unicodeEscape(rune: number): string {
  return `\\u${rune.toString(16).padStart(4, "0")}`;
}

/** A JSON string of bytes as encoding/json writes it; invalid UTF-8 becomes an escaped U+FFFD. */
export function jsonString(bytes: string, escapeHtml: boolean): string {
  let out = "";
  for (const { at, rune, size } of runesOf(bytes)) {
    const short = shortEscapes.get(rune);
    if (short !== undefined) out += short;
    else if (rune < 0x20 || lineSeparators.has(rune) || (escapeHtml && htmlCharacters.has(rune)))
      out += unicodeEscape(rune);
    else if (rune === runeError && size === 1) out += unicodeEscape(runeError);
    else out += bytes.slice(at, at + size);
  }
  return `"${out}"`;
}

/**
 * A JSON number: plain from 1e-6 up to 1e21, else with an exponent, as in JavaScript (encoding/json, floatEncoder).
 * @throws GoError for infinities and NaN
 */
export function jsonFloat(value: number, bits: 32 | 64): string {
  if (!Number.isFinite(value))
    throw new GoError(`json: unsupported value: ${formatFloat(value, "g", -1, bits)}`);
  const magnitude = Math.abs(value);
  const bounds = bits === 64 ? [1e-6, 1e21] : [Math.fround(1e-6), Math.fround(1e21)];
  if (magnitude === 0 || (magnitude >= (bounds[0] as number) && magnitude < (bounds[1] as number)))
    return formatFloat(value, "f", -1, bits);
  return formatFloat(value, "e", -1, bits).replace(/e-0(\d)$/, "e-$1");
}

/** A character in an error of encoding/json; a byte counts as the rune of its number. */
export function quotedCharacter(byte: string, quote: (bytes: string) => string): string {
  if (byte === "'") return "'\\''";
  if (byte === '"') return `'"'`;
  return `'${quote(encodeUtf8(byte)).slice(1, -1)}'`;
}
