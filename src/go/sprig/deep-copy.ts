import { GoError, GoMap, GoPointer, GoSlice, GoStruct, type GoValue, zeroOf } from "../values/index.ts";

const isExported = (name: string) => /^[A-Z]/.test(name);

/** Types whose private fields are copied all the same (copystructure.Copiers). */
const copiedWhole: ReadonlySet<string> = new Set(["time.Time"]);

function copyStruct(struct: GoStruct): GoStruct {
  if (copiedWhole.has(struct.type.name)) return struct;
  const fields = struct.fields.map((field, index) => {
    const declared = struct.type.fields?.[index];
    // Private fields cannot be set from outside their package: the copy has their zero value.
    return declared === undefined || isExported(declared.name) ? copyValue(field) : zeroOf(declared.type);
  });
  return new GoStruct(struct.type, fields, undefined);
}

function copyValue(value: GoValue): GoValue {
  if (value instanceof GoSlice) return new GoSlice(value.type, value.items.map(copyValue), value.isNil);
  if (value instanceof GoMap) {
    const entries = [...value.entries].map(([key, item]) => [key, copyValue(item)] as const);
    return new GoMap(value.type, new Map(entries), value.isNil);
  }
  if (value instanceof GoStruct) return copyStruct(value);
  return value instanceof GoPointer ? new GoPointer(value.type, copyValue(value.target)) : value;
}

/**
 * A copy that shares no list or map with its original (mitchellh/copystructure, Copy).
 * @throws GoError for nil, as Go's reflection does
 */
export function mustDeepCopy(value: GoValue): GoValue {
  if (value === null) throw new GoError("reflect: call of reflect.Value.Type on zero Value");
  return copyValue(value);
}
