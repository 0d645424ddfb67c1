import { typeOf } from "../values/construct.ts";
import { GoError, GoPointer, type GoSlice, type GoType, type GoValue } from "../values/model.ts";

/**
 * A value that was read from a place of interface type: an element of `[]interface {}`, a field of type os.Signal.
 * Go tells it from the bare value in some messages, and a nil in it from no value at all.
 */
export class Interfaced {
  readonly type: GoType;
  readonly value: GoValue;

  constructor(type: GoType, value: GoValue) {
    this.type = type;
    this.value = value;
  }
}

/** Go's reflect.Value as the engine needs it; a bare `null` is the invalid one. */
export type Reflected = GoValue | Interfaced;

/** reflect.Value, the parameter type of the functions that are part of text/template. */
export const reflectedType: GoType = { kind: "struct", name: "reflect.Value" };

/** A value read from a place of the given type. */
export function readAs(type: GoType | undefined, value: GoValue): Reflected {
  return type?.kind === "interface" ? new Interfaced(type, value) : value;
}

/** What an interface holds; all else as it is (indirectInterface). */
export function unwrap(value: Reflected): GoValue {
  return value instanceof Interfaced ? value.value : value;
}

/** The static type; undefined for the invalid value. */
export function reflectedTypeOf(value: Reflected): GoType | undefined {
  return value instanceof Interfaced ? value.type : typeOf(value);
}

export interface Indirect {
  readonly value: GoValue;
  /** A nil pointer or an empty interface ended the walk; `value` is that pointer, or null. */
  readonly isNil: boolean;
  /** The last pointer on the way: its methods are there too. */
  readonly pointer: GoPointer | undefined;
}

/** Through interfaces and pointers to what they point to (template.indirect). */
export function indirect(from: Reflected): Indirect {
  let value = unwrap(from);
  let pointer: GoPointer | undefined;
  if (value === null) return { value, isNil: from instanceof Interfaced, pointer };
  while (value instanceof GoPointer) {
    if (value.target === null) return { value, isNil: true, pointer };
    pointer = value;
    value = value.target;
  }
  return { value, isNil: false, pointer };
}

/** The element of a slice or array, as of its declared type. */
export function itemOf(slice: GoSlice, index: number): Reflected {
  const item = slice.items[index];
  if (item === undefined) throw new GoError(`reflect: ${slice.type.kind} index out of range`);
  return readAs(slice.type.elem, item);
}
