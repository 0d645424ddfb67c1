import { type FloatBits, type FloatForm, formatFloat } from "../strconv/format-float.ts";
import { isPrintable, quoteRune } from "../strconv/quote.ts";
import { encodeRune, runeError } from "../values/bytes.ts";
import type { Complex } from "../values/model.ts";
import { pad, padding, padWithSpaces, type Spec } from "./spec.ts";

/** Text of a value under a verb; undefined where the verb does not suit the type. */
export type Formatted = string | undefined;

const prefixes: Readonly<Record<string, string>> = { b: "0b", x: "0x", X: "0X" };
const bases: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

function sign(negative: boolean, spec: Spec): string {
  return negative ? "-" : spec.plus ? "+" : spec.space ? " " : "";
}

/** An integer in a base (fmt.fmtInteger): `%03d` and `%.3d` both ask for leading zeros. */
function digitsIn(base: number, value: bigint, spec: Spec, verb: string): string {
  const before = sign(value < 0n, spec);
  let least = spec.precision ?? 0;
  if (spec.precision === 0 && value === 0n) return padWithSpaces(spec, "");
  if (spec.precision === undefined && spec.zero && !spec.minus && spec.width !== undefined)
    least = spec.width - before.length;
  let digits = (value < 0n ? -value : value).toString(base).padStart(least, "0");
  if (verb === "X") digits = digits.toUpperCase();
  if (spec.sharp) {
    if (base === 8 && !digits.startsWith("0")) digits = `0${digits}`;
    digits = (prefixes[verb] ?? "") + digits;
  }
  if (verb === "O") digits = `0o${digits}`;
  return padWithSpaces(spec, before + digits);
}

/** `0x2a`, as `%#v` shows unsigned integers and `%p` addresses. */
export function hexNumber(value: bigint, spec: Spec, leading: boolean): string {
  return digitsIn(16, value, { ...spec, sharp: leading }, "x");
}

function asRune(value: bigint): string {
  return encodeRune(value < 0n || value > 0x10ffffn ? runeError : Number(value));
}

/** `U+0041`, with `#` also the character. */
function codePoint(value: bigint, spec: Spec): string {
  const digits = value
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(spec.precision ?? 4, 4), "0");
  const shown = spec.sharp && value <= 0x10ffffn && isPrintable(Number(value));
  return padWithSpaces(spec, `U+${digits}${shown ? ` '${asRune(value)}'` : ""}`);
}

/** An integer under any verb. */
export function formatInteger(value: bigint, signed: boolean, spec: Spec, verb: string): Formatted {
  if (verb === "v" && spec.sharpV && !signed) return hexNumber(value, spec, true);
  const base = Object.hasOwn(bases, verb) ? bases[verb] : undefined;
  if (base !== undefined) return digitsIn(base, value, spec, verb);
  if (verb === "c") return pad(spec, asRune(value));
  if (verb === "q") return pad(spec, quoteRune(asRune(value), spec.plus));
  return verb === "U" ? codePoint(BigInt.asUintN(64, value), spec) : undefined;
}

/** How each float verb is spelled for strconv, and its default precision. */
const floatVerbs: Readonly<Record<string, readonly [FloatForm, number]>> = {
  v: ["g", -1],
  b: ["b", -1],
  g: ["g", -1],
  G: ["G", -1],
  x: ["x", -1],
  X: ["X", -1],
  f: ["f", 6],
  F: ["f", 6],
  e: ["e", 6],
  E: ["E", 6],
};

/** `#` on floats: always a decimal point, and for `g` its trailing zeros (fmt.fmtFloat). */
function withPoint(number: string, verb: string, precision: number): string {
  const hexadecimal = verb === "x" || verb === "X";
  const at = number.search(hexadecimal ? /[pP]/ : /[eEpP]/);
  const tail = at < 0 ? "" : number.slice(at);
  let head = at < 0 ? number : number.slice(0, at);
  let missing = /[vgGx]/.test(verb) ? (precision < 0 ? 6 : precision) : 0;
  // Digits count from the first that is not 0; the x of a prefix counts as one, in Go as here.
  missing -= head.replace(/^[0.]*/, "").replaceAll(".", "").length;
  if (!head.includes(".")) {
    if (head === "0") missing--;
    head += ".";
  }
  return head + "0".repeat(Math.max(missing, 0)) + tail;
}

/** A float under any verb. */
export function formatFloating(value: number, bits: FloatBits, spec: Spec, verb: string): Formatted {
  const known = Object.hasOwn(floatVerbs, verb) ? floatVerbs[verb] : undefined;
  if (!known) return undefined;
  const precision = spec.precision ?? known[1];
  let number = formatFloat(value, known[0], precision, bits);
  const negative = number.startsWith("-");
  number = number.replace(/^[+-]/, "");
  const before = sign(negative, spec);
  if (number === "Inf" || number === "NaN")
    return padWithSpaces(spec, (number === "Inf" && before === "" ? "+" : before) + number);
  if (spec.sharp && verb !== "b") number = withPoint(number, verb, precision);
  if (before !== "" && spec.zero && !spec.minus && spec.width !== undefined)
    return before + padding(spec, spec.width - before.length - number.length) + number;
  return pad(spec, before + number);
}

/** A complex number under any verb: both parts, the second with its sign. */
export function formatComplex(value: Complex, bits: FloatBits, spec: Spec, verb: string): Formatted {
  const real = formatFloating(value.real, bits, spec, verb);
  const imaginary = formatFloating(value.imaginary, bits, { ...spec, plus: true }, verb);
  return real === undefined ? undefined : `(${real}${imaginary}i)`;
}
