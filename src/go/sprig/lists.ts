import {
  anySliceType,
  deepEqual,
  type GoContext,
  GoError,
  type GoFunctionEntry,
  GoSlice,
  type GoValue,
  kindOf,
  listOfAny,
  sliceOf,
} from "../values/index.ts";
import { appended, appendedAtOnce, cut, memoryOf } from "./capacity.ts";
import { toInteger } from "./cast.ts";
import { isEmpty } from "./empty.ts";
import { entry } from "./entry.ts";

/** What Go's runtime says when a nil is asked for its type. */
const nilDereference = "runtime error: invalid memory address or nil pointer dereference";
const badLength = "runtime error: makeslice: len out of range";

/**
 * The items of a list of any type.
 * @throws GoError for other values: `complaint` with the value's kind
 */
function itemsOf(list: GoValue, complaint: (kind: string) => string): readonly GoValue[] {
  if (list === null) throw new GoError(nilDereference);
  if (!(list instanceof GoSlice)) throw new GoError(complaint(kindOf(list)));
  return list.items;
}

const cannotFind = (what: string) => (kind: string) => `Cannot find ${what} on type ${kind}`;

/** A nil []interface{}: lists like an empty one, but JSON's null. */
const nilList = new GoSlice(anySliceType, [], true);
const within = (items: readonly GoValue[], needle: GoValue, { budget }: GoContext) =>
  items.some((item) => deepEqual(needle, item, budget));

function push([list, value]: [GoValue, GoValue]): GoSlice {
  const items = itemsOf(list, (kind) => `Cannot push on type ${kind}`);
  return appended(listOfAny([...items, value]), items.length);
}

function prepend([list, value]: [GoValue, GoValue]): GoSlice {
  return appendedAtOnce(listOfAny([value, ...itemsOf(list, (kind) => `Cannot prepend on type ${kind}`)]));
}

function first([list]: [GoValue]): GoValue {
  return itemsOf(list, cannotFind("first"))[0] ?? null;
}

function last([list]: [GoValue]): GoValue {
  return itemsOf(list, cannotFind("last")).at(-1) ?? null;
}

function rest([list]: [GoValue]): GoSlice {
  const items = itemsOf(list, cannotFind("rest"));
  return items.length === 0 ? nilList : listOfAny(items.slice(1));
}

function initial([list]: [GoValue]): GoSlice {
  const items = itemsOf(list, cannotFind("initial"));
  return items.length === 0 ? nilList : listOfAny(items.slice(0, -1));
}

function reverse([list]: [GoValue]): GoSlice {
  return listOfAny(itemsOf(list, cannotFind("reverse")).toReversed());
}

function compact([list]: [GoValue]): GoSlice {
  const items = itemsOf(list, (kind) => `Cannot compact on type ${kind}`);
  return appended(listOfAny(items.filter((item) => !isEmpty(item))));
}

function uniq([list]: [GoValue], context: GoContext): GoSlice {
  const kept: GoValue[] = [];
  for (const item of itemsOf(list, cannotFind("uniq"))) if (!within(kept, item, context)) kept.push(item);
  return appended(listOfAny(kept));
}

function without([list, ...unwanted]: [GoValue, ...GoValue[]], context: GoContext): GoSlice {
  const items = itemsOf(list, cannotFind("without"));
  return appended(listOfAny(items.filter((item) => !within(unwanted, item, context))));
}

function has([needle, haystack]: [GoValue, GoValue], context: GoContext): boolean {
  return haystack !== null && within(itemsOf(haystack, cannotFind("has")), needle, context);
}

function slice([list, ...bounds]: [GoValue, ...GoValue[]]): GoValue {
  const items = itemsOf(list, (kind) => `list should be type of slice or array but ${kind}`);
  if (items.length === 0) return null;
  const [low, high] = bounds;
  const start = low === undefined ? 0n : toInteger(low);
  const end = high === undefined ? BigInt(items.length) : toInteger(high);
  const source = list as GoSlice;
  if (start < 0n || end < start || end > BigInt(memoryOf(source).length))
    throw new GoError("reflect.Value.Slice: slice index out of bounds");
  return cut(source, Number(start), Number(end));
}

/** sprig list.go, mustChunk. The number of chunks is reckoned in floats, which decides what a size below 1 does. */
function chunk([size, list]: [bigint, GoValue]): GoSlice {
  const items = itemsOf(list, (kind) => `Cannot chunk type ${kind}`);
  const length = Number(size);
  const count = Math.floor((items.length - 1) / length) + 1;
  if (!Number.isFinite(count) || count < 0) throw new GoError(badLength);
  const chunks: GoSlice[] = [];
  for (let index = 0; index < count; index++) {
    const own = index === count - 1 ? Math.floor(items.length % length) || length : length;
    if (own < 0) throw new GoError(badLength);
    chunks.push(listOfAny(items.slice(index * length, index * length + own)));
  }
  return new GoSlice(sliceOf(anySliceType), chunks);
}

function concat(lists: readonly GoValue[]): GoSlice {
  const items = lists.flatMap((list) => itemsOf(list, (kind) => `Cannot concat type ${kind} as list`));
  return items.length === 0 ? nilList : appended(listOfAny(items));
}

/** sprig's functions on lists (sprig list.go). Those without `must` panic where the others return an error: it reads the same. */
export const listFunctions: readonly GoFunctionEntry[] = [
  entry("append", "func(any, any) []any", push),
  entry("chunk", "func(int, any) [][]any", chunk),
  entry("compact", "func(any) []any", compact),
  entry("concat", "func(...any) any", concat),
  entry("first", "func(any) any", first),
  entry("has", "func(any, any) bool", has),
  entry("initial", "func(any) []any", initial),
  entry("last", "func(any) any", last),
  entry("list", "func(...any) []any", listOfAny),
  entry("mustAppend", "func(any, any) ([]any, error)", push),
  entry("mustChunk", "func(int, any) ([][]any, error)", chunk),
  entry("mustCompact", "func(any) ([]any, error)", compact),
  entry("mustFirst", "func(any) (any, error)", first),
  entry("mustHas", "func(any, any) (bool, error)", has),
  entry("mustInitial", "func(any) ([]any, error)", initial),
  entry("mustLast", "func(any) (any, error)", last),
  entry("mustPrepend", "func(any, any) ([]any, error)", prepend),
  entry("mustPush", "func(any, any) ([]any, error)", push),
  entry("mustRest", "func(any) ([]any, error)", rest),
  entry("mustReverse", "func(any) ([]any, error)", reverse),
  entry("mustSlice", "func(any, ...any) (any, error)", slice),
  entry("mustUniq", "func(any) ([]any, error)", uniq),
  entry("mustWithout", "func(any, ...any) ([]any, error)", without),
  entry("prepend", "func(any, any) []any", prepend),
  entry("push", "func(any, any) []any", push),
  entry("rest", "func(any) []any", rest),
  entry("reverse", "func(any) []any", reverse),
  entry("slice", "func(any, ...any) any", slice),
  entry("tuple", "func(...any) []any", listOfAny),
  entry("uniq", "func(any) []any", uniq),
  entry("without", "func(any, ...any) []any", without),
];
