import { deepEqual, type GoFunctionEntry, kindOf, typeName } from "../values/index.ts";
import { entry } from "./entry.ts";

/** sprig's questions about types (sprig reflect.go). */
export const reflectionFunctions: readonly GoFunctionEntry[] = [
  entry("deepEqual", "func(any, any) bool", ([left, right], { budget }) => deepEqual(left, right, budget)),
  entry("kindIs", "func(string, any) bool", ([kind, value]) => kindOf(value) === kind),
  entry("kindOf", "func(any) string", ([value]) => kindOf(value)),
  entry("typeIs", "func(string, any) bool", ([type, value]) => typeName(value) === type),
  entry("typeIsLike", "func(string, any) bool", ([type, value]) =>
    [type, `*${type}`].includes(typeName(value)),
  ),
  entry("typeOf", "func(any) string", ([value]) => typeName(value)),
];
