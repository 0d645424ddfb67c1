import { printed } from "../fmt/sprint.ts";
import { boundBytes, boundElements } from "../values/bounds.ts";
import { typeName } from "../values/construct.ts";
import {
  GoError,
  GoFunc,
  type GoFunctionEntry,
  GoMap,
  type GoMethod,
  GoSlice,
  type GoType,
  type GoValue,
} from "../values/model.ts";
import { anyType } from "../values/types.ts";
import { conform, type Fail } from "./arguments.ts";
import type { Builtin } from "./builtins.ts";
import { payForCall, payForResult } from "./costs.ts";
import { type Node, nodeText } from "./nodes.ts";
import { type Reflected, readAs, unwrap } from "./reflected.ts";
import { resultOf, type Signature, signatureOf } from "./signature.ts";
import type { ExecutionState } from "./state.ts";

/** Something that a template can call, by the name that it is called by. */
export type Callable = { readonly name: string } & (
  | { readonly kind: "builtin"; readonly entry: Builtin }
  | { readonly kind: "function"; readonly entry: GoFunctionEntry }
  | { readonly kind: "method"; readonly entry: GoMethod; readonly receiver: GoValue }
);

/** The type of the parameter that the argument at `index` is for. */
export function parameterAt({ parameters }: Signature, index: number): GoType {
  return parameters[Math.min(index, parameters.length - 1)] ?? anyType;
}

/**
 * Refuses a wrong number of arguments. Go's text counts what comes through the pipeline (`count`), but for variadic
 * functions only the `written` ones.
 */
export function checkCount(
  { name }: Callable,
  { parameters, variadic }: Signature,
  count: number,
  written: number,
  fail: Fail,
): void {
  const least = parameters.length - 1;
  if (variadic && count < least)
    fail(`wrong number of args for ${name}: want at least ${least} got ${written}`);
  if (!variadic && count !== parameters.length)
    fail(`wrong number of args for ${name}: want ${parameters.length} got ${count}`);
}

/** Fails with the message as an error of the called function. */
function refuse(prefix: string): Fail {
  return (message) => {
    throw new GoError(prefix + message);
  };
}

/** The `call` of templates: a function value with arguments (template.call). */
function callValue(
  state: ExecutionState,
  name: string,
  callee: Reflected,
  args: readonly Reflected[],
): Reflected {
  const value = unwrap(callee);
  if (value === null) throw new GoError("call of nil");
  if (!(value instanceof GoFunc)) throw new GoError(`non-function ${name} of type ${typeName(value)}`);
  const signature = signatureOf(value.entry);
  const { parameters, variadic } = signature;
  const result = resultOf(signature, name, refuse(""));
  const least = variadic ? parameters.length - 1 : parameters.length;
  if (variadic ? args.length < least : args.length !== least) {
    const wanted = variadic ? `at least ${least}` : `${least}`;
    throw new GoError(`wrong number of args for ${name}: got ${args.length} want ${wanted}`);
  }
  const values = args.map((arg, index) => {
    const fail = refuse(`arg ${index}: `);
    return unwrap(conform(unwrap(arg), parameterAt(signature, index), fail));
  });
  return readAs(result, value.entry.call(values, state.context));
}

/** Refuses what a function made too large: doubling a value in a loop would eat all memory. */
function checkResult(value: GoValue, state: ExecutionState): void {
  if (typeof value === "string") boundBytes(value.length);
  else if (value instanceof GoSlice) boundElements(value.items.length);
  else if (value instanceof GoMap) boundElements(value.entries.size);
  payForResult(value, state.context.budget);
}

function run(
  state: ExecutionState,
  callable: Callable,
  values: readonly Reflected[],
  firstWord: Node | undefined,
): Reflected {
  const plain = values.map(unwrap);
  if (callable.kind !== "method") payForCall(callable.entry, plain, state.context.budget);
  if (callable.kind === "builtin") {
    const [first = null, ...rest] = values;
    if (callable.name !== "call") return callable.entry.call(values);
    const callee = firstWord ? nodeText(firstWord) : printed(unwrap(first));
    return callValue(state, callee, first, rest);
  }
  const { entry } = callable;
  const value =
    callable.kind === "method"
      ? callable.entry.call(callable.receiver, plain, state.context)
      : callable.entry.call(plain, state.context);
  const [result = anyType] = signatureOf(entry).results;
  return readAs(result, value);
}

/** Calls with checked arguments; what goes wrong is `error calling NAME: …` at the given node. */
export function callFunction(
  state: ExecutionState,
  callable: Callable,
  at: Node,
  values: readonly Reflected[],
  firstWord: Node | undefined,
): Reflected {
  try {
    const value = run(state, callable, values, firstWord);
    checkResult(unwrap(value), state);
    return value;
  } catch (error) {
    // A RangeError is a string, list or depth beyond what JavaScript can hold.
    if (!(error instanceof GoError || error instanceof RangeError)) throw error;
    const message = error instanceof GoError ? error.message : "value is too large";
    state.node = at;
    return state.failAt(`error calling ${callable.name}: ${message}`);
  }
}
