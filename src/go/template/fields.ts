import { decodeUtf8 } from "../values/bytes.ts";
import { fieldOf } from "../values/construct.ts";
import { type BoundMethod, findMethod } from "../values/methods.ts";
import { GoMap, GoStruct } from "../values/model.ts";
import { stringType } from "../values/types.ts";
import type { Fail } from "./arguments.ts";
import { indirect, type Reflected, readAs, reflectedTypeOf } from "./reflected.ts";

/** What `.Name` found: a value, or a method that is still to be called. */
export type Found =
  | { readonly value: Reflected; readonly bound?: undefined }
  | { readonly bound: BoundMethod; readonly value?: undefined };

/**
 * Looks up `.name` (exec.evalField): a method, a field of a struct, an entry of a map. A missing entry is no value.
 * Only what the Go types declare is found: nothing of JavaScript's objects is in reach.
 */
export function findField(receiver: Reflected, name: string, hasArguments: boolean, fail: Fail): Found {
  if (receiver === null) return { value: null };
  const declared = reflectedTypeOf(receiver)?.name;
  const { value, isNil, pointer } = indirect(receiver);
  if (value === null) return fail(`nil pointer evaluating ${declared}.${name}`);
  const bound = (pointer && findMethod(pointer, name)) ?? findMethod(value, name);
  if (bound) return { bound };
  if (value instanceof GoStruct) {
    const found = fieldOf(value, name);
    if (found) {
      if (!/^\p{Lu}/u.test(decodeUtf8(name)))
        fail(`${name} is an unexported field of struct type ${declared}`);
      if (hasArguments) fail(`${name} has arguments but cannot be invoked as function`);
      return { value: readAs(found.field.type, found.value) };
    }
  } else if (value instanceof GoMap && value.type.key === stringType) {
    if (hasArguments) fail(`${name} is not a method but has arguments`);
    const entry = value.entries.get(name);
    return { value: entry === undefined ? null : readAs(value.type.elem, entry) };
  } else if (isNil) {
    const target = reflectedTypeOf(value)?.elem;
    const known = target?.kind !== "struct" || target.fields?.some((field) => field.name === name);
    if (known) fail(`nil pointer evaluating ${declared}.${name}`);
  }
  return fail(`can't evaluate field ${name} in type ${declared}`);
}
