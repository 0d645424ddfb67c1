import {
  anyMapType,
  boundDepth,
  GoError,
  GoMap,
  GoPointer,
  GoSlice,
  GoStruct,
  type GoValue,
  isTrue,
  type StepBudget,
} from "../values/index.ts";

/** mergo's empty values; a pointer counts as what it points to, a struct never. */
function isEmptyValue(value: GoValue): boolean {
  if (value instanceof GoPointer) return isEmptyValue(value.target);
  return !(value instanceof GoStruct) && !isTrue(value);
}

function sameContainer(left: GoValue, right: GoValue): boolean {
  return (
    (left instanceof GoMap && right instanceof GoMap) || (left instanceof GoSlice && right instanceof GoSlice)
  );
}

/** Merging a map or a pointer field by field into a struct is where Go's reflection panics. */
function refuseIntoStruct(target: GoValue, source: GoValue): void {
  if (!(target instanceof GoStruct) || !(source instanceof GoMap || source instanceof GoPointer)) return;
  const kind = source instanceof GoMap ? "map" : "ptr";
  const exported = target.type.fields?.some(({ name }) => /^[A-Z]/.test(name));
  if (exported) throw new GoError(`reflect: call of reflect.Value.Field on ${kind} Value`);
}

function mergeMap(target: GoMap, source: GoMap, overwrite: boolean, budget: StepBudget, depth = 0): void {
  if (target.entries === source.entries) return;
  boundDepth(depth);
  budget.spend(source.entries.size);
  for (const [key, value] of source.entries) {
    const own = target.entries.get(key);
    if (value === null) {
      if (overwrite) target.entries.set(key, null);
      continue;
    }
    if (own instanceof GoMap && value instanceof GoMap) mergeMap(own, value, overwrite, budget, depth + 1);
    refuseIntoStruct(own ?? null, value);
    const missing = own === undefined || isEmptyValue(own);
    // Two maps have been merged above; two lists are one replaced by the other, or not.
    if (!missing && own instanceof GoMap && sameContainer(own, value)) continue;
    if (missing || overwrite) target.entries.set(key, value);
  }
}

/**
 * Fills `into` from the other maps in turn (dario.cat/mergo 1.0.1, Merge and MergeWithOverwrite): entries that are
 * missing or empty are taken over, with `overwrite` all; maps in maps are merged likewise.
 *
 * @throws BoundError for maps that are nested too deep, such as two that hold themselves
 * @returns `into`, or a new map where that is nil
 */
export function mergeInto(
  into: GoMap,
  from: readonly GoMap[],
  overwrite: boolean,
  budget: StepBudget,
): GoMap {
  let target = into;
  for (const source of from) {
    if (target.isNil && !source.isNil) target = new GoMap(anyMapType, new Map());
    mergeMap(target, source, overwrite, budget);
  }
  return target;
}
