import { canBackquote, quote } from "../strconv/quote.ts";
import type { Formatted } from "./numbers.ts";
import { pad, padding, type Spec, truncate } from "./spec.ts";

function quoted(text: string, spec: Spec): string {
  const shown = truncate(spec, text);
  if (spec.sharp && canBackquote(shown)) return pad(spec, `\`${shown}\``);
  return pad(spec, quote(shown, spec.plus));
}

/** The bytes in hex: `% x` puts spaces between them, `%#x` a prefix before the whole or, with the space, each. */
function hexBytes(text: string, spec: Spec, verb: string): string {
  const bytes = spec.precision === undefined ? text : text.slice(0, spec.precision);
  if (bytes === "") return padding(spec, spec.width ?? 0);
  const prefix = spec.sharp ? `0${verb}` : "";
  const pairs = Array.from(bytes, (byte) => {
    const pair = byte.charCodeAt(0).toString(16).padStart(2, "0");
    return verb === "X" ? pair.toUpperCase() : pair;
  });
  return pad(spec, prefix + pairs.join(spec.space ? ` ${prefix}` : ""));
}

/** A string under any verb; undefined where the verb does not suit. */
export function formatString(text: string, spec: Spec, verb: string): Formatted {
  switch (verb) {
    case "v":
      return spec.sharpV ? quoted(text, spec) : pad(spec, truncate(spec, text));
    case "s":
      return pad(spec, truncate(spec, text));
    case "q":
      return quoted(text, spec);
    case "x":
    case "X":
      return hexBytes(text, spec, verb);
    default:
      return undefined;
  }
}
