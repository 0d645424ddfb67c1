import { boundDepth } from "./bounds.ts";
import { decodeUtf8 } from "./bytes.ts";
import { rawOf, typeName } from "./construct.ts";
import { GoError, GoMap, GoPointer, GoSlice, GoStruct, type GoValue } from "./model.ts";

/**
 * A Go value as plain JavaScript: strings as text, an integer of any width as a number, or as a bigint where a number
 * would not be exact, lists as arrays, maps and structs (exported fields, by their Go names) as objects, nil as null.
 *
 * @throws GoError for functions, complex numbers, and values nested deeper than 500 levels
 */
export function toPlain(value: GoValue, depth = 0): unknown {
  boundDepth(depth);
  if (value === null) return null;
  if (value instanceof GoSlice) return value.items.map((item) => toPlain(item, depth + 1));
  if (value instanceof GoMap)
    return ownProperties(
      [...value.entries].map(([key, item]) => [String(key), item] as const),
      depth,
    );
  if (value instanceof GoStruct) {
    const fields = (value.type.fields ?? []).map(({ name }, at) => [name, value.fields[at] ?? null] as const);
    return ownProperties(
      fields.filter(([name]) => /^[A-Z]/.test(name)),
      depth,
    );
  }
  if (value instanceof GoPointer) return toPlain(value.target, depth);
  const raw = rawOf(value);
  if (typeof raw === "string") return decodeUtf8(raw);
  if (typeof raw === "bigint") return Number.isSafeInteger(Number(raw)) ? Number(raw) : raw;
  if (raw === undefined || typeof raw === "object")
    throw new GoError(`a ${typeName(value)} cannot be given to a JavaScript function`);
  return raw;
}

/** `Object.fromEntries` defines own properties, `__proto__` included. */
function ownProperties(entries: readonly (readonly [string, GoValue])[], depth: number): object {
  return Object.fromEntries(entries.map(([key, item]) => [decodeUtf8(key), toPlain(item, depth + 1)]));
}
