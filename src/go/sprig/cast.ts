import { parseFloat64 } from "../strconv/parse-float.ts";
import { parseSigned } from "../strconv/parse-integer.ts";
import { monthType, weekdayType } from "../time/index.ts";
import { basicTypes, GoPointer, GoScalar, type GoType, type GoValue, rawOf } from "../values/index.ts";

const numberTypes: ReadonlySet<GoType> = new Set([
  basicTypes.int64,
  basicTypes.int32,
  basicTypes.int16,
  basicTypes.int8,
  basicTypes.uint,
  basicTypes.uint64,
  basicTypes.uint32,
  basicTypes.uint16,
  basicTypes.uint8,
  basicTypes.float32,
  // Of the named types only these two count as numbers.
  monthType,
  weekdayType,
]);

/** The value behind pointers, as far as cast knows its type; a named type is none to it. */
function castable(value: GoValue): bigint | number | string | boolean | undefined {
  let target = value;
  while (target instanceof GoPointer && target.target !== null) target = target.target;
  if (target instanceof GoScalar && !numberTypes.has(target.type)) return undefined;
  const raw = rawOf(target);
  return typeof raw === "object" ? undefined : raw;
}

/** Whole numbers written with a point, such as "5.00", lose it (cast.trimZeroDecimal). */
function withoutZeroDecimals(text: string): string {
  return text.replace(/\.0+$/, "");
}

/** Go's conversion of a float to int64 on amd64: what does not fit is the smallest integer. */
function floatToInteger(value: number): bigint {
  const whole = Math.trunc(value);
  return whole >= -(2 ** 63) && whole < 2 ** 63 ? BigInt(whole) : -(1n << 63n);
}

/**
 * Any value as an int64, as spf13/cast's ToInt64 has it: strings in Go's notations with a prefix for the base, floats
 * cut, true 1, and 0 for whatever is no number.
 */
export function toInteger(value: GoValue): bigint {
  const raw = castable(value);
  switch (typeof raw) {
    case "bigint":
      return BigInt.asIntN(64, raw);
    case "number":
      return floatToInteger(raw);
    case "boolean":
      return raw ? 1n : 0n;
    case "string": {
      const { value: parsed, fault } = parseSigned(withoutZeroDecimals(raw), 0, 64);
      return fault === undefined ? parsed : 0n;
    }
    default:
      return 0n;
  }
}

/** Any value as a float64 (cast's ToFloat64); 0 for whatever is no number. */
export function toFloat(value: GoValue): number {
  const raw = castable(value);
  switch (typeof raw) {
    case "bigint":
    case "boolean":
      return Number(raw);
    case "number":
      return raw;
    case "string": {
      const { value: parsed, fault } = parseFloat64(raw);
      return fault === undefined ? parsed : 0;
    }
    default:
      return 0;
  }
}
