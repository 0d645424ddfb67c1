import { printed } from "../../../../src/go/fmt/index.ts";
import { sprigFunctions } from "../../../../src/go/sprig/index.ts";
import {
  Budget,
  decodeUtf8,
  fromPlain,
  type GoContext,
  GoError,
  type GoFunctionEntry,
  type GoValue,
} from "../../../../src/go/values/index.ts";

/** 24 November 2026, 02:00 UTC. */
const now = 1_795_485_600_000_000_000n;

export const context: GoContext = {
  env: new Map([
    ["HOME", "/home/tester"],
    ["A_1", "one"],
  ]),
  now: () => now,
  timeZone: "UTC",
  budget: new Budget(),
};

function entryOf(name: string): GoFunctionEntry {
  const entry = sprigFunctions.get(name);
  if (!entry) throw new Error(`no function ${name}`);
  return entry;
}

/** Calls a function with Go values; strings are bytes, in the result and in errors. */
export function callBytes(name: string, ...args: readonly GoValue[]): string {
  return printed(entryOf(name).call(args, context));
}

/** Calls a function with plain values: texts become Go strings, whole numbers ints. Messages of errors are text. */
export function callValue(name: string, ...args: readonly unknown[]): GoValue {
  const entry = entryOf(name);
  try {
    return entry.call(
      args.map((argument) => fromPlain(argument)),
      context,
    );
  } catch (error) {
    if (error instanceof GoError) throw new Error(decodeUtf8(error.message));
    throw error;
  }
}

/** As {@link callValue}; the result as `{{ … }}` prints it. */
export function call(name: string, ...args: readonly unknown[]): string {
  return decodeUtf8(printed(callValue(name, ...args)));
}
