import { sprintf } from "../fmt/sprintf.ts";
import { floatOf, integerOf, kindOf, rawOf, stringOf, typeName, typeOf } from "../values/construct.ts";
import { sameRaw } from "../values/equality.ts";
import {
  GoError,
  GoFunc,
  GoMap,
  GoPointer,
  GoSlice,
  GoStruct,
  type GoType,
  type GoValue,
} from "../values/model.ts";
import { signedWidth, unsignedWidth } from "../values/types.ts";

type BasicKind = "bool" | "complex" | "float" | "int" | "string" | "uint";

function basicKind(value: GoValue): BasicKind | undefined {
  const kind = kindOf(value);
  if (kind === "invalid") return undefined;
  if (signedWidth(kind) !== undefined) return "int";
  if (unsignedWidth(kind) !== undefined) return "uint";
  if (kind === "bool" || kind === "string") return kind;
  return floatOf(value) !== undefined ? "float" : kind.startsWith("complex") ? "complex" : undefined;
}

/** Two integers compare by value, whatever their signs and widths. */
function areIntegers(left: BasicKind | undefined, right: BasicKind | undefined): boolean {
  return (left === "int" || left === "uint") && (right === "int" || right === "uint");
}

function isNil(value: GoValue): boolean {
  if (value instanceof GoSlice || value instanceof GoMap) return value.isNil;
  return value === null || (value instanceof GoPointer && value.target === null);
}

function isComparable(type: GoType): boolean {
  if (type.kind === "array") return !type.elem || isComparable(type.elem);
  if (type.kind === "struct") return (type.fields ?? []).every((field) => isComparable(field.type));
  return !["slice", "map", "func"].includes(type.kind);
}

/** Go's == of two values of one comparable type. */
function identical(left: GoValue, right: GoValue): boolean {
  if (typeOf(left) !== typeOf(right)) return false;
  if (left instanceof GoPointer && right instanceof GoPointer) return left.target === right.target;
  const inLeft = left instanceof GoStruct ? left.fields : left instanceof GoSlice ? left.items : undefined;
  const inRight =
    right instanceof GoStruct ? right.fields : right instanceof GoSlice ? right.items : undefined;
  if (inLeft && inRight) return inLeft.every((item, index) => identical(item, inRight[index] ?? null));
  if (left instanceof GoFunc || left === null) return left === right;
  return sameRaw(rawOf(left), rawOf(right));
}

function equalComposites(left: GoValue, right: GoValue): boolean {
  if (left !== null && right !== null && kindOf(left) !== kindOf(right))
    throw new GoError(
      sprintf("non-comparable types %s: %s, %s: %v", [left, typeName(left), typeName(right), right]),
    );
  if (isNil(left) || isNil(right)) return isNil(left) === isNil(right);
  const type = typeOf(right);
  if (type && !isComparable(type))
    throw new GoError(sprintf("non-comparable type %s: %s", [right, type.name]));
  return identical(left, right);
}

/**
 * The `eq` of templates for two values.
 * @throws GoError for types that do not compare
 */
export function equal(left: GoValue, right: GoValue): boolean {
  const leftKind = basicKind(left);
  const rightKind = basicKind(right);
  if (areIntegers(leftKind, rightKind)) return integerOf(left) === integerOf(right);
  if (leftKind === rightKind)
    return leftKind === undefined ? equalComposites(left, right) : sameRaw(rawOf(left), rawOf(right));
  if (left !== null && right !== null) throw new GoError("incompatible types for comparison");
  return false;
}

/**
 * The `lt` of templates.
 * @throws GoError for types that have no order
 */
export function less(left: GoValue, right: GoValue): boolean {
  const leftKind = basicKind(left);
  const rightKind = basicKind(right);
  if (leftKind === undefined || rightKind === undefined) throw new GoError("invalid type for comparison");
  const leftNumber = integerOf(left) ?? floatOf(left) ?? stringOf(left);
  const rightNumber = integerOf(right) ?? floatOf(right) ?? stringOf(right);
  if (leftKind !== rightKind && !areIntegers(leftKind, rightKind))
    throw new GoError("incompatible types for comparison");
  if (leftNumber === undefined || rightNumber === undefined) throw new GoError("invalid type for comparison");
  return leftNumber < rightNumber;
}
