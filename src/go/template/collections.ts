import { integerOf, kindOf, scalar, stringOf, typeName, typeOf, zeroOf } from "../values/construct.ts";
import { GoError, type GoKey, GoMap, GoSlice, type GoType, type GoValue } from "../values/model.ts";
import { anyType, basicTypes, stringType } from "../values/types.ts";
import { indirect, itemOf, type Reflected, readAs, unwrap } from "./reflected.ts";

/** A position within `limit` (template.indexArg); the limit itself is let through, as in Go. */
function position(index: Reflected, limit: number): number {
  const value = unwrap(index);
  const number = integerOf(value);
  if (value === null) throw new GoError("cannot index slice/array with nil");
  if (number === undefined) throw new GoError(`cannot index slice/array with type ${typeName(value)}`);
  if (number < 0n || number > BigInt(limit)) throw new GoError(`index out of range: ${number}`);
  return Number(number);
}

/** A map's key from an argument (template.prepareArg): integers of any width will do for one another. */
function keyFor(index: Reflected, type: GoType): GoKey {
  const value = unwrap(index);
  if (value === null) throw new GoError(`value is nil; should be of type ${type.name}`);
  const integer = integerOf(value);
  const wanted = typeof integer === "bigint" && integerOf(zeroOf(type)) !== undefined;
  if (wanted) return integerOf(scalar(type, integer)) ?? 0n;
  if (typeOf(value) !== type && type.kind !== "interface")
    throw new GoError(`value has type ${typeName(value)}; should be ${type.name}`);
  const raw = stringOf(value) ?? value;
  if (typeof raw === "object") throw new GoError(`value has type ${typeName(value)}; should be ${type.name}`);
  return raw;
}

function element(item: GoValue, index: Reflected): Reflected {
  const text = stringOf(item);
  if (text !== undefined) {
    const at = position(index, text.length);
    if (at === text.length) throw new GoError("reflect: string index out of range");
    return scalar(basicTypes.uint8, BigInt(text.charCodeAt(at)));
  }
  if (item instanceof GoSlice) return itemOf(item, position(index, item.items.length));
  if (item instanceof GoMap) {
    const elem = item.type.elem ?? anyType;
    const found = item.entries.get(keyFor(index, item.type.key ?? stringType));
    return readAs(elem, found === undefined ? zeroOf(elem) : found);
  }
  throw new GoError(`can't index item of type ${typeName(item)}`);
}

/** The `index` of templates: `index x 1 2` is Go's `x[1][2]`. */
export function index(item: Reflected, indexes: readonly Reflected[]): Reflected {
  let found: Reflected = unwrap(item);
  if (found === null) throw new GoError("index of untyped nil");
  for (const at of indexes) {
    const { value, isNil } = indirect(found);
    if (isNil) throw new GoError("index of nil pointer");
    found = element(value, at);
  }
  return found;
}

/** The `slice` of templates: `slice x 1 2` is Go's `x[1:2]`. */
export function slice(item: Reflected, indexes: readonly Reflected[]): GoValue {
  const value = unwrap(item);
  if (value === null) throw new GoError("slice of untyped nil");
  if (indexes.length > 3) throw new GoError(`too many slice indexes: ${indexes.length}`);
  const text = stringOf(value);
  if (text !== undefined && indexes.length === 3) throw new GoError("cannot 3-index slice a string");
  if (text === undefined && !(value instanceof GoSlice))
    throw new GoError(`can't slice item of type ${typeName(value)}`);
  const length = text === undefined ? (value as GoSlice).items.length : text.length;
  const bounds = indexes.map((bound) => position(bound, length));
  const [from = 0, to = length, capacity = length] = bounds;
  for (const [low, high] of [
    [from, to],
    [to, capacity],
  ] as const)
    if (low > high) throw new GoError(`invalid slice index: ${low} > ${high}`);
  if (text !== undefined) return scalar(typeOf(value) ?? stringType, text.slice(from, to));
  return new GoSlice((value as GoSlice).type, (value as GoSlice).items.slice(from, to));
}

/** The `len` of templates. */
export function length(item: Reflected): bigint {
  const { value, isNil } = indirect(item);
  if (isNil) throw new GoError("len of nil pointer");
  const text = stringOf(value);
  if (text !== undefined) return BigInt(text.length);
  if (value instanceof GoSlice) return BigInt(value.items.length);
  if (value instanceof GoMap) return BigInt(value.entries.size);
  if (kindOf(value) === "invalid") throw new GoError("reflect: call of reflect.Value.Type on zero Value");
  throw new GoError(`len of type ${typeName(value)}`);
}
