import { stringOf } from "../values/construct.ts";
import type { GoValue } from "../values/model.ts";
import { formatValue } from "./print-value.ts";
import { plainSpec } from "./spec.ts";

/** A value as `%v` prints it, on bytes. */
export function printed(value: GoValue): string {
  if (typeof value === "string") return value;
  return formatValue(value, plainSpec, "v");
}

/** fmt.Sprint: operands as `%v`, with a space between two of which neither is a string. */
export function sprint(operands: readonly GoValue[]): string {
  let out = "";
  let afterString = true;
  for (const [index, value] of operands.entries()) {
    const isString = stringOf(value) !== undefined;
    if (index > 0 && !isString && !afterString) out += " ";
    out += printed(value);
    afterString = isString;
  }
  return out;
}

/** fmt.Sprintln: operands as `%v`, always with spaces between, and a newline. */
export function sprintln(operands: readonly GoValue[]): string {
  return `${operands.map(printed).join(" ")}\n`;
}
