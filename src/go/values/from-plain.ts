import { encodeUtf8 } from "./bytes.ts";
import { int, listOfAny, mapStringAny } from "./construct.ts";
import { GoFunc, GoMap, GoPointer, GoScalar, GoSlice, GoStruct, type GoValue } from "./model.ts";

const maximumDepth = 1000;

function isGoObject(value: object): value is GoScalar | GoSlice | GoMap | GoStruct | GoPointer | GoFunc {
  return [GoScalar, GoSlice, GoMap, GoStruct, GoPointer, GoFunc].some((type) => value instanceof type);
}

/**
 * Plain JavaScript data as Go would hold it: a whole number is an int, any other number a float64, a bigint an
 * int, an array `[]interface {}`, an object `map[string]interface {}` of its own enumerable keys, undefined nil.
 * Values that are already Go's pass through.
 *
 * @throws TypeError for functions, symbols, and data nested deeper than 1000 levels (a cycle).
 */
export function fromPlain(data: unknown, depth = 0): GoValue {
  switch (typeof data) {
    case "string":
      return encodeUtf8(data);
    case "bigint":
      return int(data);
    case "boolean":
      return data;
    case "number":
      return Number.isSafeInteger(data) ? BigInt(data) : data;
    case "undefined":
      return null;
    case "object":
      break;
    default:
      throw new TypeError(`a ${typeof data} cannot be given to a template`);
  }
  if (data === null) return null;
  if (isGoObject(data)) return data;
  if (depth >= maximumDepth) throw new TypeError("template data is nested too deep or refers to itself");
  if (Array.isArray(data)) return listOfAny(data.map((item) => fromPlain(item, depth + 1)));
  return mapStringAny(
    Object.entries(data).map(([key, value]) => [encodeUtf8(key), fromPlain(value, depth + 1)] as const),
  );
}
