import { printed } from "../fmt/index.ts";
import {
  basicTypes,
  GoSlice,
  type GoValue,
  integerOf,
  listOfStrings,
  stringSliceType,
} from "../values/index.ts";
import { appended } from "./capacity.ts";

/** The bytes of a `[]byte`, else undefined. */
export function bytesOf(value: GoValue): string | undefined {
  if (!(value instanceof GoSlice) || value.type.kind !== "slice" || value.type.elem !== basicTypes.uint8)
    return undefined;
  return value.items.map((item) => String.fromCharCode(Number(integerOf(item) ?? 0n))).join("");
}

/** A value as text: strings and bytes as they are, all else as `%v` prints it (sprig strings.go, strval). */
export function strval(value: GoValue): string {
  return typeof value === "string" ? value : (bytesOf(value) ?? printed(value));
}

/** A list as texts without its nils; any other value is a list of one, nil of none (sprig strings.go, strslice). */
export function strslice(value: GoValue): string[] {
  if (value instanceof GoSlice) return value.items.filter((item) => item !== null).map(strval);
  return value === null ? [] : [strval(value)];
}

/** As {@link strslice}, as a list of Go's: one of texts is itself, of any other the nils leave room behind. */
export function stringList(value: GoValue): GoSlice {
  if (!(value instanceof GoSlice)) return listOfStrings(strslice(value));
  return value.type === stringSliceType
    ? value
    : appended(listOfStrings(strslice(value)), value.items.length);
}
