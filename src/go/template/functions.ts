import { sprigFunctions } from "../sprig/index.ts";
import {
  encodeUtf8,
  fromPlain,
  GoError,
  type GoFunctionEntry,
  type GoValue,
  toPlain,
} from "../values/index.ts";

/**
 * A function of JavaScript's for templates. It is given plain values (texts, numbers, bigints where a number is not
 * exact, arrays, objects, null) and may give any of these back. What it throws ends the template:
 * `error calling NAME: MESSAGE`.
 */
// biome-ignore lint/suspicious/noExplicitAny: whoever writes the function knows what its templates give it.
export type PlainFunction = (...args: any[]) => unknown;

/** Functions by name, on top of sprig's; one of the same name replaces it. */
export type PlainFunctions = Readonly<Record<string, PlainFunction>>;

/** Functions by name. */
export type Functions = ReadonlyMap<string, GoFunctionEntry>;

/** What can be given as `funcs`: an object of JavaScript functions besides sprig's, or a map of all there are. */
export type FunctionsOption = PlainFunctions | Functions;

function result(of: () => unknown): GoValue {
  try {
    const value = of();
    if (value instanceof Promise) throw new Error("a template cannot wait for a promise");
    return fromPlain(value);
  } catch (error) {
    if (error instanceof GoError) throw error;
    throw new GoError(encodeUtf8(error instanceof Error ? error.message : String(error)));
  }
}

function entryOf(name: string, call: PlainFunction): GoFunctionEntry {
  return {
    name: encodeUtf8(name),
    signature: "func(...any) (any, error)",
    call: (args) => result(() => call(...args.map((arg) => toPlain(arg)))),
  };
}

/** Names as Go's parser reads them, so that a function that no template could call is noticed. */
const namePattern = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;

const known = new WeakMap<PlainFunctions, Functions>();

/**
 * All functions of a template.
 * @throws TypeError for a name that is none, with Go's words, and for what is no function
 */
export function functionsOf(option: FunctionsOption | undefined): Functions {
  if (option === undefined) return sprigFunctions;
  if (option instanceof Map) return option;
  const functions = known.get(option as PlainFunctions);
  if (functions) return functions;
  const all = new Map(sprigFunctions);
  for (const [name, call] of Object.entries(option as PlainFunctions)) {
    if (!namePattern.test(name)) throw new TypeError(`function name "${name}" is not a valid identifier`);
    if (typeof call !== "function") throw new TypeError(`value for ${name} not a function`);
    all.set(encodeUtf8(name), entryOf(name, call));
  }
  known.set(option as PlainFunctions, all);
  return all;
}
