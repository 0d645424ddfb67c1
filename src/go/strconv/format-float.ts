/**
 * strconv.FormatFloat: `e`, `f`, `g` with exact digits (any precision, ties to even) or the fewest that read back
 * as the same number, and the binary forms `b` and `x`.
 */

/** 0.DIGITS × 10^point. Digits have no trailing zeros. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

export type FloatForm = "e" | "E" | "f" | "g" | "G" | "b" | "x" | "X";
export type FloatBits = 32 | 64;

const floatView = new DataView(new ArrayBuffer(8));

interface Binary {
  /** The mantissa with its implicit bit; the value is mantissa × 2^exponent. */
  readonly mantissa: bigint;
  readonly exponent: number;
}

/** The parts of a finite positive float, in the layout of its width. */
function partsOf(value: number, bits: FloatBits): Binary {
  const [mantissaBits, bias] = bits === 64 ? [52, 1075] : [23, 150];
  let raw: bigint;
  if (bits === 64) {
    floatView.setFloat64(0, value);
    raw = floatView.getBigUint64(0);
  } else {
    floatView.setFloat32(0, value);
    raw = BigInt(floatView.getUint32(0));
  }
  const fraction = raw & ((1n << BigInt(mantissaBits)) - 1n);
  const exponent = Number(raw >> BigInt(mantissaBits)) & (bits === 64 ? 0x7ff : 0xff);
  return exponent === 0
    ? { mantissa: fraction, exponent: 1 - bias }
    : { mantissa: fraction | (1n << BigInt(mantissaBits)), exponent: exponent - bias };
}

function trimZeros(digits: string): string {
  return digits.replace(/0+$/, "");
}

/** Every decimal digit of a finite positive float: a power of two has finitely many. */
function exactDecimal(value: number, bits: FloatBits): Decimal {
  const { mantissa, exponent } = partsOf(value, bits);
  if (mantissa === 0n) return { digits: "", point: 0 };
  const scaled = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent);
  const digits = scaled.toString();
  return { digits: trimZeros(digits), point: digits.length - (exponent >= 0 ? 0 : -exponent) };
}

/** The fewest digits that read back as the same number (for 64 bits JavaScript's own rule). */
function shortestDecimal(value: number, bits: FloatBits): Decimal {
  if (value === 0) return { digits: "", point: 0 };
  let text = value.toExponential();
  if (bits === 32) {
    for (let count = 0; count < 9; count++) {
      text = value.toExponential(count);
      if (Math.fround(Number(text)) === value) break;
    }
  }
  const [significand = "", exponent = "0"] = text.split("e");
  return { digits: trimZeros(significand.replace(".", "")), point: Number(exponent) + 1 };
}

/** The first `count` digits, rounded half to even on the exact value. */
function round(decimal: Decimal, count: number): Decimal {
  const { digits, point } = decimal;
  if (count >= digits.length) return decimal;
  if (count < 0) return { digits: "", point: 0 };
  const kept = digits.slice(0, count);
  const next = digits.charCodeAt(count) - 48;
  const half = next === 5 && count + 1 === digits.length;
  const odd = count > 0 && (digits.charCodeAt(count - 1) - 48) % 2 === 1;
  if (!(half ? odd : next >= 5)) {
    const trimmed = trimZeros(kept);
    return { digits: trimmed, point: trimmed === "" ? 0 : point };
  }
  const raised = (BigInt(`0${kept}`) + 1n).toString().padStart(count, "0");
  return { digits: trimZeros(raised), point: point + raised.length - count };
}

function exponentText(letter: string, exponent: number): string {
  const magnitude = Math.abs(exponent).toString().padStart(2, "0");
  return `${letter}${exponent < 0 ? "-" : "+"}${magnitude}`;
}

function scientific(decimal: Decimal, precision: number, letter: string): string {
  const digits = decimal.digits.padEnd(precision + 1, "0").slice(0, precision + 1);
  const exponent = decimal.digits === "" ? 0 : decimal.point - 1;
  const fraction = precision > 0 ? `.${digits.slice(1)}` : "";
  return `${digits[0]}${fraction}${exponentText(letter, exponent)}`;
}

function plain(decimal: Decimal, precision: number): string {
  const { digits, point } = decimal;
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  if (precision <= 0) return whole;
  const fraction = point > 0 ? digits.slice(point) : "0".repeat(Math.min(-point, precision)) + digits;
  return `${whole}.${fraction.slice(0, precision).padEnd(precision, "0")}`;
}

function binaryForm(value: number, bits: FloatBits): string {
  const { mantissa, exponent } = partsOf(value, bits);
  return `${mantissa}p${exponent < 0 ? "" : "+"}${exponent}`;
}

/** `0x1.8p+01`: one hex digit before the point; a negative precision means as many after it as are needed. */
function hexadecimal(value: number, bits: FloatBits, precision: number, upper: boolean): string {
  const { mantissa: stored, exponent: base } = partsOf(value, bits);
  let mantissa = stored;
  let exponent = mantissa === 0n ? 0 : base;
  // Bring the leading 1 to bit 60, so that 15 whole hex digits follow it.
  if (mantissa !== 0n) {
    const shift = 61 - mantissa.toString(2).length;
    mantissa <<= BigInt(shift);
    exponent += 60 - shift;
  }
  if (precision >= 0 && precision < 15) {
    const drop = BigInt(60 - precision * 4);
    const rest = mantissa & ((1n << drop) - 1n);
    const half = 1n << (drop - 1n);
    mantissa >>= drop;
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa += 1n;
    mantissa <<= drop;
    if (mantissa >> 61n !== 0n) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  const fraction = (mantissa & ((1n << 60n) - 1n)).toString(16).padStart(15, "0");
  const digits = precision < 0 ? trimZeros(fraction) : fraction.padEnd(precision, "0").slice(0, precision);
  const text = `0x${mantissa >> 60n}${digits === "" ? "" : `.${digits}`}${exponentText("p", exponent)}`;
  return upper ? text.toUpperCase() : text;
}

/** %g: scientific where the exponent is below -4 or beyond the digits at hand. `limit` is 21 for %v and shortest. */
function general(decimal: Decimal, precision: number, shortest: boolean, letter: string): string {
  const count = decimal.digits.length;
  let threshold = precision;
  if (threshold > count && count >= decimal.point) threshold = count;
  if (shortest) threshold = 6;
  const exponent = decimal.point - 1;
  if (exponent < -4 || exponent >= threshold) {
    const digits = Math.min(precision, count);
    return scientific(decimal, Math.max(digits - 1, 0), letter);
  }
  return plain(decimal, Math.max(count - decimal.point, 0));
}

/**
 * strconv.FormatFloat.
 * @param precision digits after the point (`e`, `f`, `x`) or in all (`g`); -1 for the fewest that read back the same
 */
export function formatFloat(value: number, form: FloatForm, precision: number, bits: FloatBits = 64): string {
  if (Number.isNaN(value)) return "NaN";
  const negative = value < 0 || Object.is(value, -0);
  const magnitude = Math.abs(value);
  if (magnitude === Number.POSITIVE_INFINITY) return negative ? "-Inf" : "+Inf";
  const text = formatMagnitude(magnitude, form, precision, bits);
  return negative ? `-${text}` : text;
}

function formatMagnitude(value: number, form: FloatForm, precision: number, bits: FloatBits): string {
  if (form === "b") return binaryForm(value, bits);
  if (form === "x" || form === "X") return hexadecimal(value, bits, precision, form === "X");
  if (precision < 0) {
    const decimal = shortestDecimal(value, bits);
    const count = decimal.digits.length;
    if (form === "f") return plain(decimal, Math.max(count - decimal.point, 0));
    if (form === "e" || form === "E") return scientific(decimal, Math.max(count - 1, 0), form);
    return general(decimal, count, true, form === "g" ? "e" : "E");
  }
  const exact = exactDecimal(value, bits);
  if (form === "f") return plain(round(exact, exact.point + precision), precision);
  if (form === "e" || form === "E") return scientific(round(exact, precision + 1), precision, form);
  const digits = precision === 0 ? 1 : precision;
  return general(round(exact, digits), digits, false, form === "g" ? "e" : "E");
}
