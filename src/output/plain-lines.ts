import { isUtf8 } from "node:buffer";

const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;
const firstPrintable = 0x20;

/**
 * Whether JSON would hold these lines as they are, byte by byte: valid UTF-8 without quotes, backslashes and control
 * characters. It is asked of every byte that becomes a record, hence four at a time.
 */
export function arePlain(lines: Buffer): boolean {
  return !lines.includes(quote) && !lines.includes(backslash) && isUtf8(lines) && !hasControl(lines);
}

/** Whether there is a control character besides the ends of lines. */
function hasControl(bytes: Buffer): boolean {
  const aligned = (4 - (bytes.byteOffset % 4)) % 4;
  const count = Math.max(0, Math.floor((bytes.length - aligned) / 4));
  if (hasControlIn(bytes, 0, count === 0 ? bytes.length : aligned)) return true;
  if (count === 0) return false;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + aligned, count);
  for (let at = 0; at < count; at++) {
    const word = words[at]!;
    // Control characters are those whose three upper bits are all zero; each bit is moved to the place of the second.
    const controls = ~(word | (word << 1) | (word >>> 1)) & 0x40404040;
    if (controls === 0) continue;
    // A byte less the end of a line is zero: no sum of it with 0x7f has the upper bit.
    const less = word ^ 0x0a0a0a0a;
    const ends = ~(((less & 0x7f7f7f7f) + 0x7f7f7f7f) | less) & 0x80808080;
    if ((controls & ~(ends >>> 1)) !== 0) return true;
  }
  return hasControlIn(bytes, aligned + count * 4, bytes.length);
}

function hasControlIn(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte < firstPrintable && byte !== newline) return true;
  }
  return false;
}
