import { formatFloat } from "../strconv/format-float.ts";
import { GoError } from "../values/index.ts";

/** coefficient × 10^exponent (shopspring/decimal). */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** Digits after the point of a quotient that does not come out even. */
const divisionPrecision = 16;

function powerOfTen(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

function rescale({ coefficient, exponent }: Decimal, to: number): bigint {
  return coefficient * powerOfTen(exponent - to);
}

/**
 * The shortest decimal that reads back as the float (decimal.NewFromFloat).
 * @throws GoError for infinities and NaN
 */
export function decimalFromFloat(value: number): Decimal {
  if (!Number.isFinite(value))
    throw new GoError(`Cannot create a Decimal from ${formatFloat(value, "g", -1)}`);
  const [mantissa = "", exponentText = "0"] = formatFloat(value, "e", -1).split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return { coefficient: BigInt(whole + fraction), exponent: Number(exponentText) - fraction.length };
}

/** The nearest float (decimal.Float64). */
export function decimalToFloat({ coefficient, exponent }: Decimal): number {
  // Zero has one sign only in decimals.
  return coefficient === 0n ? 0 : Number(`${coefficient}e${exponent}`);
}

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const exponent = Math.min(left.exponent, right.exponent);
  return { coefficient: rescale(left, exponent) + rescale(right, exponent), exponent };
}

export function subtractDecimals(left: Decimal, right: Decimal): Decimal {
  return addDecimals(left, { coefficient: -right.coefficient, exponent: right.exponent });
}

export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  return {
    coefficient: left.coefficient * right.coefficient,
    exponent: left.exponent + right.exponent,
  };
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/**
 * The quotient rounded to 16 digits after the point, halves away from zero (decimal.Div).
 * @throws GoError for a zero divisor
 */
export function divideDecimals(left: Decimal, right: Decimal): Decimal {
  if (right.coefficient === 0n) throw new GoError("decimal division by 0");
  const shift = left.exponent - right.exponent + divisionPrecision;
  const dividend = shift > 0 ? left.coefficient * powerOfTen(shift) : left.coefficient;
  const divisor = shift < 0 ? right.coefficient * powerOfTen(-shift) : right.coefficient;
  const quotient = dividend / divisor;
  const roundsAway = absolute(dividend % divisor) * 2n >= absolute(divisor);
  const sign = dividend < 0n === divisor < 0n ? 1n : -1n;
  return { coefficient: roundsAway ? quotient + sign : quotient, exponent: -divisionPrecision };
}
