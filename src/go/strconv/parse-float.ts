import { type NumberFault, underscoresAreProper } from "./parse-integer.ts";

export interface ParsedFloat {
  /** The value; ±Infinity at a range fault, 0 at a syntax fault. */
  readonly value: number;
  readonly fault?: NumberFault;
}

const decimal = /^[+-]?(?:[0-9_]+\.?[0-9_]*|\.[0-9_]+)(?:[eE][+-]?[0-9_]+)?$/;
const hexadecimal = /^([+-]?)0[xX]([0-9a-fA-F_]*)\.?([0-9a-fA-F_]*)[pP]([+-]?[0-9_]+)$/;
const special = /^([+-]?)(?:(inf|infinity)|nan)$/i;
const syntaxFault: ParsedFloat = { value: 0, fault: "syntax" };

/** The float64 nearest to mantissa × 2^exponent, ties to even. */
function fromBinary(mantissa: bigint, exponent: number): number {
  const length = mantissa.toString(2).length;
  // Normal numbers keep 53 bits; below 2^-1022 the last bit is worth 2^-1074.
  const drop = Math.max(length - 53, -1074 - exponent);
  if (drop <= 0) return Number(mantissa) * 2 ** exponent;
  if (drop > length) return 0;
  const shift = BigInt(drop);
  let kept = mantissa >> shift;
  const rest = mantissa - (kept << shift);
  const half = 1n << (shift - 1n);
  if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
  const scale = exponent + drop;
  return scale > 971 ? Number.POSITIVE_INFINITY : Number(kept) * 2 ** scale;
}

function parseHexadecimal(match: RegExpExecArray): ParsedFloat {
  const [, sign, whole = "", fraction = "", power = ""] = match;
  const digits = (whole + fraction).replaceAll("_", "");
  if (digits === "") return syntaxFault;
  const fractionDigits = fraction.replaceAll("_", "").length;
  const mantissa = BigInt(`0x${digits}`);
  const exponent = Number(power.replaceAll("_", "")) - 4 * fractionDigits;
  const magnitude = mantissa === 0n ? 0 : fromBinary(mantissa, Math.max(-1e6, Math.min(1e6, exponent)));
  const value = sign === "-" ? -magnitude : magnitude;
  return Number.isFinite(magnitude) ? { value } : { value, fault: "range" };
}

/** strconv.ParseFloat(text, 64): decimal and hexadecimal floats, `_` between digits, inf and nan. */
export function parseFloat64(text: string): ParsedFloat {
  const word = special.exec(text);
  if (word) {
    if (word[2] === undefined) return word[1] === "" ? { value: Number.NaN } : syntaxFault;
    return { value: word[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY };
  }
  if (text.includes("_") && !underscoresAreProper(text)) return syntaxFault;
  const binary = hexadecimal.exec(text);
  if (binary) return parseHexadecimal(binary);
  if (!decimal.test(text)) return syntaxFault;
  const value = Number(text.replaceAll("_", ""));
  return Number.isFinite(value) ? { value } : { value, fault: "range" };
}
