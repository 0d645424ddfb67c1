/** Why a number was refused; Go's texts for the two reasons are in {@link reasonTexts}. */
export type NumberFault = "syntax" | "range";

/** strconv.ErrSyntax and strconv.ErrRange. */
export const reasonTexts: Readonly<Record<NumberFault, string>> = {
  syntax: "invalid syntax",
  range: "value out of range",
};

export interface ParsedInteger {
  /** The value; at a range fault the nearest value that fits, at a syntax fault 0. */
  readonly value: bigint;
  readonly fault?: NumberFault;
}

const prefixes: readonly (readonly [RegExp, number])[] = [
  [/^0[xX]/, 16],
  [/^0[bB]/, 2],
  [/^0[oO]/, 8],
  [/^0/, 8],
];

const digitPatterns: Readonly<Record<number, RegExp>> = {
  2: /^[01]+$/,
  8: /^[0-7]+$/,
  10: /^[0-9]+$/,
  16: /^[0-9a-fA-F]+$/,
};
const bigintPrefix: Readonly<Record<number, string>> = { 2: "0b", 8: "0o", 10: "", 16: "0x" };

const syntaxFault: ParsedInteger = { value: 0n, fault: "syntax" };

/** Go's rule for `_` in numbers: only between two digits, where a base prefix counts as a digit. */
export function underscoresAreProper(text: string): boolean {
  const digits = text.replace(/^([+-]?)0[xXoObB]/, "$10");
  return /^[+-]?0[xX]/.test(text)
    ? !/(?<![0-9a-fA-F])_|_(?![0-9a-fA-F])/.test(digits)
    : !/(?<![0-9])_|_(?![0-9])/.test(digits);
}

/** strconv.ParseUint. Base 0 reads the prefixes 0x, 0b, 0o and 0, and underscores. */
export function parseUnsigned(text: string, base: 0 | 2 | 8 | 10 | 16, bits: number): ParsedInteger {
  let digits = text;
  let radix: number = base;
  if (base === 0) {
    if (text.includes("_") && !underscoresAreProper(text)) return syntaxFault;
    const prefix = prefixes.find(([pattern]) => pattern.test(text));
    radix = prefix && text.length > 1 ? prefix[1] : 10;
    digits = prefix && text.length > 1 ? text.replace(prefix[0], "") : text;
    digits = digits.replaceAll("_", "");
  }
  if (!digitPatterns[radix]?.test(digits)) return syntaxFault;
  const value = BigInt(`${bigintPrefix[radix]}${digits}`);
  const maximum = (1n << BigInt(bits)) - 1n;
  return value > maximum ? { value: maximum, fault: "range" } : { value };
}

/** strconv.ParseInt. */
export function parseSigned(text: string, base: 0 | 2 | 8 | 10 | 16, bits: number): ParsedInteger {
  const negative = text.startsWith("-");
  const body = negative || text.startsWith("+") ? text.slice(1) : text;
  const parsed = parseUnsigned(body, base, 64);
  if (parsed.fault === "syntax") return parsed;
  const cutoff = 1n << BigInt(bits - 1);
  if (!negative && parsed.value >= cutoff) return { value: cutoff - 1n, fault: "range" };
  if (negative && parsed.value > cutoff) return { value: -cutoff, fault: "range" };
  return { value: negative ? -parsed.value : parsed.value };
}
