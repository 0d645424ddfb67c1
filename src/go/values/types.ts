import type { GoKind, GoType } from "./model.ts";

const basicKinds = [
  "bool",
  "int",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "uintptr",
  "float32",
  "float64",
  "complex64",
  "complex128",
  "string",
] as const satisfies readonly GoKind[];

/** The predeclared types by name. */
export const basicTypes = Object.fromEntries(
  basicKinds.map((kind) => [kind, { kind, name: kind }]),
) as Readonly<Record<(typeof basicKinds)[number], GoType>>;

export const boolType = basicTypes.bool;
export const intType = basicTypes.int;
export const int64Type = basicTypes.int64;
export const float64Type = basicTypes.float64;
export const stringType = basicTypes.string;

/** `interface {}`. */
export const anyType: GoType = { kind: "interface", name: "interface {}" };

/** The predeclared `error`. */
export const errorType: GoType = { kind: "interface", name: "error" };

/** One object per derived type, held by the type that it is derived from. */
function interned<Key extends WeakKey>(make: (from: Key) => GoType): (from: Key) => GoType {
  const known = new WeakMap<Key, GoType>();
  return (from) => {
    const existing = known.get(from);
    if (existing) return existing;
    const type = make(from);
    known.set(from, type);
    return type;
  };
}

/** `[]elem`. */
export const sliceOf = interned<GoType>((elem) => ({ kind: "slice", name: `[]${elem.name}`, elem }));

/** `*elem`. */
export const pointerTo = interned<GoType>((elem) => ({ kind: "ptr", name: `*${elem.name}`, elem }));

const mapsFrom = interned<GoType>((key) => ({ kind: "map", name: `map[${key.name}]`, key }));
const mapTypes = new WeakMap<GoType, (elem: GoType) => GoType>();

/** `map[key]elem`. */
export function mapOf(key: GoType, elem: GoType): GoType {
  const prefix = mapsFrom(key);
  let make = mapTypes.get(key);
  if (!make) {
    make = interned<GoType>((to) => ({ kind: "map", name: `${prefix.name}${to.name}`, key, elem: to }));
    mapTypes.set(key, make);
  }
  return make(elem);
}

/** `[]interface {}`. */
export const anySliceType = sliceOf(anyType);
/** `[]string`. */
export const stringSliceType = sliceOf(stringType);
/** `map[string]interface {}`. */
export const anyMapType = mapOf(stringType, anyType);

const signedWidths: Partial<Record<GoKind, number>> = { int: 64, int8: 8, int16: 16, int32: 32, int64: 64 };
const unsignedWidths: Partial<Record<GoKind, number>> = {
  uint: 64,
  uint8: 8,
  uint16: 16,
  uint32: 32,
  uint64: 64,
  uintptr: 64,
};

/** Bits of a signed integer kind, else undefined. */
export function signedWidth(kind: GoKind): number | undefined {
  return signedWidths[kind];
}

/** Bits of an unsigned integer kind, else undefined. */
export function unsignedWidth(kind: GoKind): number | undefined {
  return unsignedWidths[kind];
}

/** An integer cut to the width of its kind, as Go's arithmetic wraps. */
export function wrapInteger(kind: GoKind, value: bigint): bigint {
  const signed = signedWidths[kind];
  if (signed !== undefined) return BigInt.asIntN(signed, value);
  const unsigned = unsignedWidths[kind];
  return unsigned === undefined ? value : BigInt.asUintN(unsigned, value);
}
