import { GoStruct, type GoValue, isTrue } from "../values/index.ts";

/**
 * Whether a value counts as unset (sprig defaults.go, empty): zero, no length, false, nil. As truth in templates,
 * turned round; a struct is never empty.
 */
export function isEmpty(value: GoValue): boolean {
  return !(value instanceof GoStruct) && !isTrue(value);
}
