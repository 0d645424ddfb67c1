import { sprint, sprintln } from "../fmt/sprint.ts";
import { sprintf } from "../fmt/sprintf.ts";
import { stringOf } from "../values/construct.ts";
import { GoError, type GoFunctionEntry, type GoValue } from "../values/model.ts";
import { isTrue } from "../values/truth.ts";
import { index, length, slice } from "./collections.ts";
import { equal, less } from "./compare.ts";
import { html, js, urlquery } from "./escape.ts";
import { type Reflected, unwrap } from "./reflected.ts";

/** A function of text/template itself. Parameters of type reflect.Value come as they were read. */
export interface Builtin extends Pick<GoFunctionEntry, "name" | "signature"> {
  call(args: readonly Reflected[]): Reflected;
}

type Pair = (left: GoValue, right: GoValue) => boolean;

const comparisons: Readonly<Record<string, Pair>> = {
  ne: (left, right) => !equal(left, right),
  lt: less,
  le: (left, right) => less(left, right) || equal(left, right),
  gt: (left, right) => !(less(left, right) || equal(left, right)),
  ge: (left, right) => !less(left, right),
};

function equalsAny([first = null, ...others]: readonly Reflected[]): boolean {
  if (others.length === 0) throw new GoError("missing argument for comparison");
  return others.some((other) => equal(unwrap(first), unwrap(other)));
}

function values(args: readonly Reflected[]): GoValue[] {
  return args.map(unwrap);
}

const shortCircuited = (): never => {
  throw new Error("and, or and call are run by the engine");
};

const table: readonly (readonly [name: string, signature: string, call: Builtin["call"]])[] = [
  // The engine runs these three itself: two of them look at their arguments one by one, one calls back.
  ["and", "func(reflect.Value, ...reflect.Value) reflect.Value", shortCircuited],
  ["or", "func(reflect.Value, ...reflect.Value) reflect.Value", shortCircuited],
  ["call", "func(reflect.Value, ...reflect.Value) (reflect.Value, error)", shortCircuited],
  ["eq", "func(reflect.Value, ...reflect.Value) (bool, error)", equalsAny],
  ...Object.entries(comparisons).map(
    ([name, compare]) =>
      [
        name,
        "func(reflect.Value, reflect.Value) (bool, error)",
        ([left = null, right = null]: readonly Reflected[]) => compare(unwrap(left), unwrap(right)),
      ] as const,
  ),
  ["html", "func(...any) string", (args) => html(values(args))],
  [
    "index",
    "func(reflect.Value, ...reflect.Value) (reflect.Value, error)",
    ([item = null, ...indexes]) => index(item, indexes),
  ],
  ["js", "func(...any) string", (args) => js(values(args))],
  ["len", "func(reflect.Value) (int, error)", ([item = null]) => length(item)],
  ["not", "func(reflect.Value) bool", ([value = null]) => !isTrue(unwrap(value))],
  ["print", "func(...any) string", (args) => sprint(values(args))],
  [
    "printf",
    "func(string, ...any) string",
    ([format = "", ...operands]) => sprintf(stringOf(unwrap(format)) ?? "", values(operands)),
  ],
  ["println", "func(...any) string", (args) => sprintln(values(args))],
  [
    "slice",
    "func(reflect.Value, ...reflect.Value) (reflect.Value, error)",
    ([item = null, ...indexes]) => slice(item, indexes),
  ],
  ["urlquery", "func(...any) string", (args) => urlquery(values(args))],
];

/** The functions that every template has. */
export const builtins: ReadonlyMap<string, Builtin> = new Map(
  table.map(([name, signature, call]) => [name, { name, signature, call }]),
);
