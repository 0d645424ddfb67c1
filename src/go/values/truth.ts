import { rawOf } from "./construct.ts";
import { GoFunc, GoMap, GoPointer, GoSlice, GoStruct, type GoValue } from "./model.ts";

/** The truth of a value in `if`, `with`, `and`, `or`, `not` (text/template.IsTrue): not the zero value, not empty. */
export function isTrue(value: GoValue): boolean {
  if (value === null) return false;
  if (value instanceof GoSlice) return value.items.length > 0;
  if (value instanceof GoMap) return value.entries.size > 0;
  if (value instanceof GoStruct || value instanceof GoFunc) return true;
  if (value instanceof GoPointer) return value.target !== null;
  const raw = rawOf(value);
  if (typeof raw === "object") return raw.real !== 0 || raw.imaginary !== 0;
  // NaN differs from zero in Go, so it is true there; JavaScript's own truth would say false.
  return typeof raw === "number" ? raw !== 0 : Boolean(raw);
}
