import { printed } from "../fmt/sprint.ts";
import { integerOf, keyValue, scalar, typeOf } from "../values/construct.ts";
import { GoMap, GoSlice, type GoValue } from "../values/model.ts";
import { sortedKeys } from "../values/sorted-keys.ts";
import { intType } from "../values/types.ts";
import type { PipeNode } from "./nodes.ts";
import { itemOf, type Reflected, readAs } from "./reflected.ts";
import type { ExecutionState } from "./state.ts";

/** Index or key, and element. */
type Round = readonly [key: Reflected, element: Reflected];

function* sliceRounds(slice: GoSlice): Generator<Round> {
  for (let index = 0; index < slice.items.length; index++) yield [BigInt(index), itemOf(slice, index)];
}

function* mapRounds(map: GoMap): Generator<Round> {
  for (const key of sortedKeys(map)) {
    const element = map.entries.get(key);
    if (element !== undefined) yield [keyValue(map, key), readAs(map.type.elem, element)];
  }
}

function* integerRounds(value: GoValue, count: bigint): Generator<Round> {
  const type = typeOf(value) ?? intType;
  for (let number = 0n; number < count; number++) yield [null, scalar(type, number)];
}

/** What `range` goes through: the elements of a list or map, the numbers below an integer, nothing for nil. */
export function roundsOf(state: ExecutionState, value: GoValue, pipe: PipeNode): Iterator<Round> {
  if (value === null) return [].values();
  if (value instanceof GoSlice) return sliceRounds(value);
  if (value instanceof GoMap) return mapRounds(value);
  const count = integerOf(value);
  if (count === undefined) return state.failAt(`range can't iterate over ${printed(value)}`);
  if (pipe.declarations.length > 1)
    return state.failAt(`can't use ${printed(value)} to iterate over more than one variable`);
  return integerRounds(value, count);
}

/** One variable gets the element; of two the first gets the index or key. */
export function setRangeVariables(state: ExecutionState, pipe: PipeNode, [key, element]: Round): void {
  const { declarations, isAssign } = pipe;
  const values = declarations.length > 1 ? [key, element] : [element];
  const top = state.variables.length - declarations.length;
  for (const [index, { path }] of declarations.entries()) {
    const variable = isAssign ? state.find(path[0] ?? "") : state.variables[top + index];
    if (variable) variable.value = values[index] ?? null;
  }
}
