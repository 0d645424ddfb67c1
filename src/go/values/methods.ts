import { typeOf } from "./construct.ts";
import { type GoMethod, GoPointer, type GoValue } from "./model.ts";

export interface BoundMethod {
  readonly method: GoMethod;
  readonly receiver: GoValue;
}

/** A method of a value by name. A pointer also has those of what it points to (Go's method sets). */
export function findMethod(value: GoValue, name: string): BoundMethod | undefined {
  const type = typeOf(value);
  const own = type?.methods?.get(name);
  if (own) return { method: own, receiver: value };
  const inherited = value instanceof GoPointer ? type?.elem?.methods?.get(name) : undefined;
  return inherited && { method: inherited, receiver: (value as GoPointer).target };
}
