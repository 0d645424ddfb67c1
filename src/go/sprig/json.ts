import { BoundError, type GoContext, GoError, type GoFunctionEntry, type GoValue } from "../values/index.ts";
import { entry } from "./entry.ts";
import { decodeJson } from "./json-decode.ts";
import { encodeJson, type JsonStyle } from "./json-encode.ts";

const compact: JsonStyle = { escapeHtml: true };
const pretty: JsonStyle = { escapeHtml: true, indent: "  " };
const raw: JsonStyle = { escapeHtml: false };

function encoder(style: JsonStyle): (args: [GoValue], context: GoContext) => string {
  return ([value], context) => encodeJson(value, style, context);
}

/** What the function gives, or `instead` where Go would return an error that sprig drops. */
function orElse<Args, Result>(
  call: (args: Args, context: GoContext) => Result,
  instead: Result,
): (args: Args, context: GoContext) => Result {
  return (args, context) => {
    try {
      return call(args, context);
    } catch (error) {
      if (error instanceof GoError && !(error instanceof BoundError)) return instead;
      throw error;
    }
  };
}

function mustFromJson([text]: [string]): GoValue {
  const { value, error } = decodeJson(text);
  if (error) throw error;
  return value;
}

/** JSON (sprig defaults.go on encoding/json). */
export const jsonFunctions: readonly GoFunctionEntry[] = [
  entry(
    "fromJson",
    "func(string) any",
    orElse(([text]: [string]): GoValue => decodeJson(text).value, null),
  ),
  entry("mustFromJson", "func(string) (any, error)", mustFromJson),
  entry("mustToJson", "func(any) (string, error)", encoder(compact)),
  entry("mustToPrettyJson", "func(any) (string, error)", encoder(pretty)),
  entry("mustToRawJson", "func(any) (string, error)", encoder(raw)),
  entry("toJson", "func(any) string", orElse(encoder(compact), "")),
  entry("toPrettyJson", "func(any) string", orElse(encoder(pretty), "")),
  // Of the three only this one panics where the others give nothing.
  entry("toRawJson", "func(any) string", encoder(raw)),
];
