import { GoError, type GoFunctionEntry } from "../values/index.ts";
import { isEmpty } from "./empty.ts";
import { entry } from "./entry.ts";

/** sprig's functions for values that may be unset (sprig defaults.go), and `fail`. */
export const defaultFunctions: readonly GoFunctionEntry[] = [
  entry("all", "func(...any) bool", (values) => !values.some(isEmpty)),
  entry("any", "func(...any) bool", (values) => !values.every(isEmpty)),
  entry("coalesce", "func(...any) any", (values) => values.find((value) => !isEmpty(value)) ?? null),
  entry("default", "func(any, ...any) any", ([fallback, given = null]) =>
    isEmpty(given) ? fallback : given,
  ),
  entry("empty", "func(any) bool", ([value]) => isEmpty(value)),
  entry("fail", "func(string) (string, error)", ([message]) => {
    throw new GoError(message);
  }),
  entry("ternary", "func(any, any, bool) any", ([yes, no, condition]) => (condition ? yes : no)),
];
