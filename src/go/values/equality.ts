import { rawOf, typeOf } from "./construct.ts";
import { type Complex, GoMap, GoPointer, type GoRaw, GoSlice, GoStruct, type GoValue } from "./model.ts";

function sameComplex(left: Complex, right: Complex): boolean {
  return left.real === right.real && left.imaginary === right.imaginary;
}

/** Go's == of two bare scalars of one type. */
export function sameRaw(left: GoRaw | undefined, right: GoRaw | undefined): boolean {
  return typeof left === "object" && typeof right === "object" ? sameComplex(left, right) : left === right;
}

/** reflect.DeepEqual: same types all the way down; a nil slice or map differs from an empty one. */
export function deepEqual(left: GoValue, right: GoValue): boolean {
  if (left === null || right === null) return left === right;
  if (typeOf(left) !== typeOf(right)) return false;
  if (left instanceof GoSlice && right instanceof GoSlice) {
    if (left.isNil !== right.isNil || left.items.length !== right.items.length) return false;
    return (
      left.items === right.items ||
      left.items.every((item, index) => deepEqual(item, right.items[index] ?? null))
    );
  }
  if (left instanceof GoMap && right instanceof GoMap) {
    if (left.isNil !== right.isNil || left.entries.size !== right.entries.size) return false;
    if (left.entries === right.entries) return true;
    for (const [key, value] of left.entries) {
      const other = right.entries.get(key);
      if (other === undefined || !deepEqual(value, other)) return false;
    }
    return true;
  }
  if (left instanceof GoStruct && right instanceof GoStruct)
    return left.fields.every((field, index) => deepEqual(field, right.fields[index] ?? null));
  if (left instanceof GoPointer && right instanceof GoPointer)
    return left.target === right.target || deepEqual(left.target, right.target);
  if (typeof left === "object" && rawOf(left) === undefined) return false;
  return sameRaw(rawOf(left), rawOf(right));
}
