import { printed } from "../fmt/index.ts";
import { parseSigned } from "../strconv/parse-integer.ts";
import {
  boundElements,
  GoError,
  type GoFunctionEntry,
  type GoValue,
  int,
  int64,
  listOfInts,
} from "../values/index.ts";
import { appended } from "./capacity.ts";
import { toInteger } from "./cast.ts";
import { entry } from "./entry.ts";

function nonZero(divisor: bigint): bigint {
  if (divisor === 0n) throw new GoError("runtime error: integer divide by zero");
  return divisor;
}

/** sprig numeric.go, untilStep: a step that leads away from the end gives nothing. */
function range(start: bigint, stop: bigint, step: bigint): bigint[] {
  const numbers: bigint[] = [];
  if (stop < start ? step >= 0n : step <= 0n) return numbers;
  const count = (stop - start) / step;
  boundElements(count < 0n ? -count : count);
  for (let at = start; stop < start ? at > stop : at < stop; at += step) numbers.push(at);
  return numbers;
}

/** sprig numeric.go, seq: like the shell's, with first, increment and last. */
function sequence(parameters: readonly bigint[]): bigint[] {
  if (parameters.length < 1 || parameters.length > 3) return [];
  const first = parameters.length === 1 ? 1n : (parameters[0] as bigint);
  const last = parameters.at(-1) as bigint;
  const towards = last < first ? -1n : 1n;
  const step = parameters.length === 3 ? (parameters[1] as bigint) : towards;
  if (last < first && step > 0n) return [];
  return range(first, last + towards, step);
}

/** The one of the values that comes first by `before`. */
function extreme(values: readonly GoValue[], before: (left: bigint, right: bigint) => boolean): GoValue {
  let [best = 0n, ...others] = values.map(toInteger);
  for (const next of others) if (before(next, best)) best = next;
  return int64(best);
}

const largest = (values: readonly GoValue[]) => extreme(values, (left, right) => left > right);
const smallest = (values: readonly GoValue[]) => extreme(values, (left, right) => left < right);

/** sprig's integer arithmetic on whatever can be read as a number (sprig functions.go, numeric.go). */
export const integerFunctions: readonly GoFunctionEntry[] = [
  entry("add", "func(...any) int64", (values) =>
    int64(values.map(toInteger).reduce((sum, next) => sum + next, 0n)),
  ),
  entry("add1", "func(any) int64", ([value]) => int64(toInteger(value) + 1n)),
  // On overflow strconv gives the nearest integer beside its error, and sprig drops only the error.
  entry("atoi", "func(string) int", ([text]) => int(parseSigned(text, 10, 64).value)),
  entry("biggest", "func(any, ...any) int64", largest),
  entry("div", "func(any, any) int64", ([left, right]) => int64(toInteger(left) / nonZero(toInteger(right)))),
  entry("int", "func(any) int", ([value]) => int(toInteger(value))),
  entry("int64", "func(any) int64", ([value]) => int64(toInteger(value))),
  entry("max", "func(any, ...any) int64", largest),
  entry("min", "func(any, ...any) int64", smallest),
  entry("mod", "func(any, any) int64", ([left, right]) => int64(toInteger(left) % nonZero(toInteger(right)))),
  entry("mul", "func(any, ...any) int64", ([first, ...others]) =>
    int64(
      others.map(toInteger).reduce((product, next) => BigInt.asIntN(64, product * next), toInteger(first)),
    ),
  ),
  entry("seq", "func(...int) string", (parameters) => sequence(parameters).join(" ")),
  entry("sub", "func(any, any) int64", ([left, right]) => int64(toInteger(left) - toInteger(right))),
  entry("toDecimal", "func(any) int64", ([value]) => {
    const { value: parsed, fault } = parseSigned(printed(value), 8, 64);
    return int64(fault === undefined ? parsed : 0n);
  }),
  entry("until", "func(int) []int", ([count]) =>
    appended(listOfInts(range(0n, count, count < 0n ? -1n : 1n))),
  ),
  entry("untilStep", "func(int, int, int) []int", ([start, stop, step]) =>
    appended(listOfInts(range(start, stop, step))),
  ),
];
