/** Go's unicode.IsSpace: what separates tokens. JavaScript's `\s` differs (it has U+FEFF and lacks U+0085). */
const separators = new Set([
  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005,
  0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
]);

/** Whether the UTF-16 unit is white space to Go. Every such character lies in the basic plane. */
export function isSpace(unit: number): boolean {
  if (unit < 0x85) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
  return separators.has(unit);
}

/** Go's strings.TrimSpace. */
export function trimSpace(text: string): string {
  let start = 0;
  while (start < text.length && isSpace(text.charCodeAt(start))) start++;
  return trimSpaceEnd(text.slice(start));
}

/** The text without the white space at its end. */
export function trimSpaceEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}

/** How many line feeds stand in `text` from `start` to `end`. */
export function countLineFeeds(text: string, start = 0, end = text.length): number {
  // Searching in the slice keeps the search from running on to the end of a long text.
  const range = text.slice(start, end);
  let count = 0;
  for (let at = range.indexOf("\n"); at !== -1; at = range.indexOf("\n", at + 1)) count++;
  return count;
}

export const unit = {
  tab: 0x09,
  lineFeed: 0x0a,
  carriageReturn: 0x0d,
  space: 0x20,
  quote: 0x22,
  hash: 0x23,
  less: 0x3c,
  backslash: 0x5c,
  backtick: 0x60,
  openBrace: 0x7b,
  closeBrace: 0x7d,
  byteOrderMark: 0xfeff,
} as const;
