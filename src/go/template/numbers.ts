import { parseFloat64 } from "../strconv/parse-float.ts";
import { parseSigned, parseUnsigned, reasonTexts } from "../strconv/parse-integer.ts";
import { quote } from "../strconv/quote.ts";
import { unquoteRune } from "../strconv/unquote.ts";
import { type Complex, GoError } from "../values/model.ts";

/** A number literal: an untyped constant, with every reading that it allows. */
export interface NumberLiteral {
  readonly text: string;
  readonly integer?: bigint | undefined;
  readonly unsigned?: bigint | undefined;
  readonly float?: number | undefined;
  readonly complex?: Complex | undefined;
}

const maximumUnsigned = 1n << 64n;
const maximumSigned = 1n << 63n;

/** The integer readings of a float that has no fraction. */
function integersOf(float: number): Pick<NumberLiteral, "integer" | "unsigned"> {
  if (!Number.isInteger(float)) return {};
  const value = BigInt(float);
  return {
    integer: value >= -maximumSigned && value < maximumSigned ? value : undefined,
    unsigned: value >= 0n && value < maximumUnsigned ? value : undefined,
  };
}

function fromComplex(text: string, complex: Complex): NumberLiteral {
  if (complex.imaginary !== 0) return { text, complex };
  return { text, complex, float: complex.real, ...integersOf(complex.real) };
}

function charConstant(text: string): NumberLiteral {
  const rune = unquoteRune(text);
  if (rune === undefined) throw new GoError("invalid syntax");
  if (rune === "malformed") throw new GoError(`malformed character constant: ${text}`);
  return { text, integer: BigInt(rune), unsigned: BigInt(rune), float: rune };
}

/** One part of a complex literal, as fmt.Sscan reads it. */
function part(text: string): number {
  const { value, fault } = parseFloat64(text);
  if (fault) throw new GoError(`strconv.ParseFloat: parsing ${quote(text)}: ${reasonTexts[fault]}`);
  return value;
}

const complexShape =
  /^([+-]?(?:0[xX][0-9a-fA-F_]*\.?[0-9a-fA-F_]*(?:[pP][+-]?[0-9_]*)?|[0-9_]*\.?[0-9_]*(?:[eEpP][+-]?[0-9_]*)?))([+-].*)i$/;

function complexConstant(text: string): NumberLiteral {
  const match = complexShape.exec(text);
  if (!match) throw new GoError("syntax error scanning complex number");
  return fromComplex(text, { real: part(match[1] ?? ""), imaginary: part(match[2] ?? "") });
}

function plainNumber(text: string): NumberLiteral {
  if (text.endsWith("i")) {
    const { value, fault } = parseFloat64(text.slice(0, -1));
    if (!fault) return fromComplex(text, { real: 0, imaginary: value });
  }
  const asUnsigned = parseUnsigned(text, 0, 64);
  const asSigned = parseSigned(text, 0, 64);
  const integer = asSigned.fault ? undefined : asSigned.value;
  // "-0" is no unsigned number to strconv, but it is zero.
  const unsigned = asUnsigned.fault ? (integer === 0n ? 0n : undefined) : asUnsigned.value;
  const whole = integer ?? unsigned;
  if (whole !== undefined) return { text, integer, unsigned, float: Number(whole) };
  const { value, fault } = parseFloat64(text);
  if (fault) throw new GoError(`illegal number syntax: ${quote(text)}`);
  // Digits alone that only a float can hold are a mistake, not a float.
  if (!/[.eEpP]/.test(text)) throw new GoError(`integer overflow: ${quote(text)}`);
  return { text, float: value, ...integersOf(value) };
}

const readers = { "char constant": charConstant, complex: complexConstant, number: plainNumber };

/**
 * The number that a token stands for (parse.newNumber).
 * @throws GoError with the parser's text
 */
export function readNumber(text: string, type: keyof typeof readers): NumberLiteral {
  return readers[type](text);
}
