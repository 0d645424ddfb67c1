import {
  anyMapType,
  type GoContext,
  GoError,
  type GoFunctionEntry,
  GoMap,
  type GoValue,
  listOfAny,
  listOfStrings,
  mapStringAny,
  sortedKeys,
  typeName,
} from "../values/index.ts";
import { appended } from "./capacity.ts";
import { mustDeepCopy } from "./deep-copy.ts";
import { entry } from "./entry.ts";
import { mergeInto } from "./merge.ts";
import { strval } from "./strval.ts";

/** Keys and values in turn; a key left alone at the end has the empty string (sprig dict.go, dict). */
function dict(values: readonly GoValue[]): GoMap {
  const map = mapStringAny();
  for (let at = 0; at < values.length; at += 2)
    map.entries.set(strval(values[at] ?? null), at + 1 < values.length ? (values[at + 1] ?? null) : "");
  return map;
}

function set([map, key, value]: [GoMap, string, GoValue]): GoMap {
  if (map.isNil) throw new GoError("assignment to entry in nil map");
  map.entries.set(key, value);
  return map;
}

function filtered(map: GoMap, keep: (key: string) => boolean): GoMap {
  const kept = [...map.entries].filter(([key]) => keep(String(key)));
  return new GoMap(anyMapType, new Map(kept));
}

/** Go gives keys and values in random order; in ours they come sorted. */
function sortedEntries(map: GoMap): [string, GoValue][] {
  return sortedKeys(map).map((key) => [String(key), map.entries.get(key) ?? null]);
}

function assertion(value: GoValue, expected: string): GoError {
  const found = value === null ? "nil" : typeName(value);
  return new GoError(`interface conversion: interface {} is ${found}, not ${expected}`);
}

function asDict(value: GoValue): GoMap {
  if (value instanceof GoMap && value.type === anyMapType) return value;
  throw assertion(value, anyMapType.name);
}

/** sprig dict.go, dig: keys, what to give where one is missing, and the map to dig in. */
function dig(values: readonly GoValue[]): GoValue {
  if (values.length < 3) throw new GoError("dig needs at least three arguments");
  let map = asDict(values.at(-1) ?? null);
  const fallback = values.at(-2) ?? null;
  const keys = values.slice(0, -2).map((key) => {
    if (typeof key !== "string") throw assertion(key, "string");
    return key;
  });
  const lastKey = keys.pop() as string;
  for (const key of keys) {
    const next = map.entries.get(key);
    if (next === undefined) return fallback;
    map = asDict(next);
  }
  return map.entries.has(lastKey) ? (map.entries.get(lastKey) ?? null) : fallback;
}

type MergeArguments = [GoMap, ...GoMap[]];
const merger =
  (overwrite: boolean) =>
  ([into, ...from]: MergeArguments, { budget }: GoContext) =>
    mergeInto(into, from, overwrite, budget);
const merge = merger(false);
const mergeOverwrite = merger(true);

/** sprig's functions on maps (sprig dict.go). Maps are shared: `set` and `merge` change the one they are given. */
export const dictFunctions: readonly GoFunctionEntry[] = [
  entry("deepCopy", "func(any) any", ([value], context) => mustDeepCopy(value, context)),
  entry("dict", "func(...any) map[string]any", dict),
  entry("dig", "func(...any) (any, error)", dig),
  entry("get", "func(map[string]any, string) any", ([map, key]) =>
    map.entries.has(key) ? (map.entries.get(key) ?? null) : "",
  ),
  entry("hasKey", "func(map[string]any, string) bool", ([map, key]) => map.entries.has(key)),
  entry("keys", "func(...map[string]any) []string", (maps) =>
    appended(listOfStrings(maps.flatMap((map) => sortedEntries(map).map(([key]) => key)))),
  ),
  entry("merge", "func(map[string]any, ...map[string]any) any", merge),
  entry("mergeOverwrite", "func(map[string]any, ...map[string]any) any", mergeOverwrite),
  entry("mustDeepCopy", "func(any) (any, error)", ([value], context) => mustDeepCopy(value, context)),
  entry("mustMerge", "func(map[string]any, ...map[string]any) (any, error)", merge),
  entry("mustMergeOverwrite", "func(map[string]any, ...map[string]any) (any, error)", mergeOverwrite),
  entry("omit", "func(map[string]any, ...string) map[string]any", ([map, ...keys]) =>
    filtered(map, (key) => !keys.includes(key)),
  ),
  entry("pick", "func(map[string]any, ...string) map[string]any", ([map, ...keys]) =>
    filtered(map, (key) => keys.includes(key)),
  ),
  entry("pluck", "func(string, ...map[string]any) []any", ([key, ...maps]) =>
    appended(
      listOfAny(maps.filter((map) => map.entries.has(key)).map((map) => map.entries.get(key) ?? null)),
    ),
  ),
  entry("set", "func(map[string]any, string, any) map[string]any", set),
  entry("unset", "func(map[string]any, string) map[string]any", ([map, key]) => {
    map.entries.delete(key);
    return map;
  }),
  entry("values", "func(map[string]any) []any", ([map]) =>
    appended(listOfAny(sortedEntries(map).map(([, value]) => value))),
  ),
];
