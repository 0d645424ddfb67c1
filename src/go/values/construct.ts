import {
  type GoField,
  type GoKey,
  type GoKind,
  GoMap,
  GoPointer,
  type GoRaw,
  GoScalar,
  GoSlice,
  GoStruct,
  type GoType,
  type GoValue,
} from "./model.ts";
import {
  anyMapType,
  anySliceType,
  anyType,
  boolType,
  float64Type,
  int64Type,
  intType,
  sliceOf,
  stringSliceType,
  stringType,
  wrapInteger,
} from "./types.ts";

/** The dynamic type of a value; undefined for an untyped nil. */
export function typeOf(value: GoValue): GoType | undefined {
  switch (typeof value) {
    case "string":
      return stringType;
    case "bigint":
      return intType;
    case "number":
      return float64Type;
    case "boolean":
      return boolType;
    default:
      return value === null ? undefined : value.type;
  }
}

/** The name of a value's type as %T prints it: `<nil>` for an untyped nil. */
export function typeName(value: GoValue): string {
  return typeOf(value)?.name ?? "<nil>";
}

/** The kind of a value; `invalid` for an untyped nil (reflect.Invalid). */
export function kindOf(value: GoValue): GoKind | "invalid" {
  return typeOf(value)?.kind ?? "invalid";
}

/** The bare value of a scalar of any type, else undefined. */
export function rawOf(value: GoValue): GoRaw | undefined {
  if (value instanceof GoScalar) return value.value;
  return typeof value === "object" ? undefined : value;
}

/** A scalar of the given type in its canonical form: bare for bool, int, float64 and string. */
export function scalar(type: GoType, value: GoRaw): GoValue {
  const raw = typeof value === "bigint" ? wrapInteger(type.kind, value) : value;
  if (type === stringType || type === intType || type === float64Type || type === boolType)
    return raw as GoValue;
  return new GoScalar(type, type.kind === "float32" && typeof raw === "number" ? Math.fround(raw) : raw);
}

/** The value of any integer kind as a bigint, else undefined. */
export function integerOf(value: GoValue): bigint | undefined {
  const raw = rawOf(value);
  return typeof raw === "bigint" ? raw : undefined;
}

/** The value of any float kind as a number, else undefined. */
export function floatOf(value: GoValue): number | undefined {
  const raw = rawOf(value);
  return typeof raw === "number" ? raw : undefined;
}

/** The bytes of any string kind, else undefined. */
export function stringOf(value: GoValue): string | undefined {
  const raw = rawOf(value);
  return typeof raw === "string" ? raw : undefined;
}

/** A Go int, wrapped to 64 bits. */
export function int(value: bigint | number): bigint {
  return BigInt.asIntN(64, BigInt(value));
}

/** A Go int64, wrapped to 64 bits. */
export function int64(value: bigint | number): GoScalar {
  return new GoScalar(int64Type, BigInt.asIntN(64, BigInt(value)));
}

/** `[]interface {}{…}`. */
export function listOfAny(items: readonly GoValue[]): GoSlice {
  return new GoSlice(anySliceType, items);
}

/** `[]string{…}` of byte strings. */
export function listOfStrings(items: readonly string[]): GoSlice {
  return new GoSlice(stringSliceType, items);
}

/** `[]int{…}`. */
export function listOfInts(items: readonly bigint[]): GoSlice {
  return new GoSlice(sliceOf(intType), items);
}

/** `map[string]interface {}{…}`; keys are byte strings. */
export function mapStringAny(entries: Iterable<readonly [string, GoValue]> = []): GoMap {
  return new GoMap(anyMapType, new Map(entries));
}

/** A map's key as a value of its key type. */
export function keyValue(map: GoMap, key: GoKey): GoValue {
  return scalar(map.type.key ?? anyType, key);
}

/** A field of a struct by name, with its declared type; undefined where the type has no such field. */
export function fieldOf(struct: GoStruct, name: string): { field: GoField; value: GoValue } | undefined {
  const index = struct.type.fields?.findIndex((candidate) => candidate.name === name) ?? -1;
  const field = struct.type.fields?.[index];
  return field && { field, value: struct.fields[index] ?? null };
}

const zeroRaw: Partial<Record<GoKind, GoRaw>> = { bool: false, string: "", float32: 0, float64: 0 };

/** The zero value of a type (reflect.Zero); of an interface type the untyped nil. */
export function zeroOf(type: GoType): GoValue {
  switch (type.kind) {
    case "interface":
    case "func":
    case "chan":
      return null;
    case "slice":
      return new GoSlice(type, [], true);
    case "array":
      return new GoSlice(type, new Array<GoValue>(type.length ?? 0).fill(zeroOf(type.elem ?? anyType)));
    case "map":
      return new GoMap(type, new Map(), true);
    case "ptr":
      return new GoPointer(type, null);
    case "struct":
      return new GoStruct(
        type,
        (type.fields ?? []).map((field) => zeroOf(field.type)),
        undefined,
      );
    case "complex64":
    case "complex128":
      return new GoScalar(type, { real: 0, imaginary: 0 });
    default:
      return scalar(type, zeroRaw[type.kind] ?? 0n);
  }
}
