import type { GoFunctionEntry, GoValue } from "../values/index.ts";
import { toFloat } from "./cast.ts";
import {
  addDecimals,
  type Decimal,
  decimalFromFloat,
  decimalToFloat,
  divideDecimals,
  multiplyDecimals,
  subtractDecimals,
} from "./decimal.ts";
import { entry } from "./entry.ts";

type DecimalOperation = (left: Decimal, right: Decimal) => Decimal;

/** sprig numeric.go, execDecimalOp: floats are added up as decimals, so that 0.1 + 0.2 is 0.3. */
function inDecimals(first: GoValue, others: readonly GoValue[], operation: DecimalOperation): number {
  const decimals = others.map((value) => () => decimalFromFloat(toFloat(value)));
  return decimalToFloat(
    decimals.reduce((result, next) => operation(result, next()), decimalFromFloat(toFloat(first))),
  );
}

/** Go's math.Max: infinity wins over NaN, NaN over all else. */
function goMax(left: number, right: number): number {
  return left === Number.POSITIVE_INFINITY || right === Number.POSITIVE_INFINITY
    ? Number.POSITIVE_INFINITY
    : Math.max(left, right);
}

/** Go's math.Min */
function goMin(left: number, right: number): number {
  return left === Number.NEGATIVE_INFINITY || right === Number.NEGATIVE_INFINITY
    ? Number.NEGATIVE_INFINITY
    : Math.min(left, right);
}

/**
 * 10 to a whole power as Go's math.Pow computes it, by squaring a mantissa between ½ and 1: its last digit can differ
 * from Math.pow's, and shows in `round`.
 */
function powerOfTen(exponent: number): number {
  if (exponent > 400) return Number.POSITIVE_INFINITY;
  if (exponent < -400) return 0;
  let mantissa = 1;
  let binary = 0;
  let square = 10 / 16;
  let squareBinary = 4;
  for (let left = Math.abs(exponent); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      mantissa *= square;
      binary += squareBinary;
    }
    square *= square;
    squareBinary *= 2;
    if (square < 0.5) {
      square += square;
      squareBinary--;
    }
  }
  if (exponent < 0) [mantissa, binary] = [1 / mantissa, -binary];
  // In two steps: a single factor could overflow where the product does not.
  const half = Math.trunc(binary / 2);
  return mantissa * 2 ** half * 2 ** (binary - half);
}

/** sprig numeric.go, round: up where the digits after the kept ones reach `roundOn`. */
function round(value: number, places: number, roundOn: number): number {
  const power = powerOfTen(places);
  const shifted = power * value;
  return (shifted - Math.trunc(shifted) >= roundOn ? Math.ceil(shifted) : Math.floor(shifted)) / power;
}

/** sprig's arithmetic on floats (sprig functions.go, numeric.go). */
export const floatFunctions: readonly GoFunctionEntry[] = [
  entry("add1f", "func(any) float64", ([value]) => inDecimals(value, [1], addDecimals)),
  entry("addf", "func(...any) float64", (values) => inDecimals(0, values, addDecimals)),
  entry("ceil", "func(any) float64", ([value]) => Math.ceil(toFloat(value))),
  entry("divf", "func(any, ...any) float64", ([first, ...others]) =>
    inDecimals(first, others, divideDecimals),
  ),
  entry("float64", "func(any) float64", ([value]) => toFloat(value)),
  entry("floor", "func(any) float64", ([value]) => Math.floor(toFloat(value))),
  entry("maxf", "func(any, ...any) float64", ([first, ...others]) =>
    others.map(toFloat).reduce(goMax, toFloat(first)),
  ),
  entry("minf", "func(any, ...any) float64", ([first, ...others]) =>
    others.map(toFloat).reduce(goMin, toFloat(first)),
  ),
  entry("mulf", "func(any, ...any) float64", ([first, ...others]) =>
    inDecimals(first, others, multiplyDecimals),
  ),
  entry("round", "func(any, int, ...float64) float64", ([value, places, roundOn = 0.5]) =>
    round(toFloat(value), Number(places), roundOn),
  ),
  entry("subf", "func(any, ...any) float64", ([first, ...others]) =>
    inDecimals(first, others, subtractDecimals),
  ),
];
