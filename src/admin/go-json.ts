import { decodeJson } from "../go/sprig/json-decode.ts";
import { decodeUtf8, GoError } from "../go/values/index.ts";

/**
 * JSON as Caddy's API reads and writes it. Caddy keeps the document as Go's `any`: every number is a float64 there, as
 * it is here, so 9007199254740993 becomes 9007199254740992 on both sides, and from 1e21 on both write an exponent. The
 * two differ only in what is escaped, in the order of keys, and in -0.
 */

/** Documents nested deeper are refused; Go's own limit is 10,000, and no configuration comes near. */
const maximumDepth = 1_000;

/**
 * @throws Error with the words of encoding/json
 */
export function decodeGoJson(body: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw new Error(faultOf(body));
  }
  if (!isHeldByGo(value, 0)) throw new Error(faultOf(body));
  return value;
}

/** What Go says of a text that it cannot decode. */
function faultOf(body: Buffer): string {
  try {
    const { error } = decodeJson(body.toString("latin1"));
    return error === undefined ? "exceeded max depth" : decodeUtf8(error.message);
  } catch (error) {
    if (error instanceof GoError) return decodeUtf8(error.message);
    throw error;
  }
}

/** Not too deep, and without numbers beyond a float64, which JavaScript reads as infinity. */
function isHeldByGo(value: unknown, depth: number): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return depth < maximumDepth && Object.values(value).every((item) => isHeldByGo(item, depth + 1));
}

export interface GoJsonStyle {
  /** As Go's maps are written. Default true; Go's structs keep the order in which they are declared. */
  readonly sortKeys?: boolean;
}

/** A value as encoding/json writes it, without its trailing newline. */
export function encodeGoJson(value: unknown, { sortKeys = true }: GoJsonStyle = {}): string {
  if (Array.isArray(value)) return `[${value.map((item) => encodeGoJson(item, { sortKeys })).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    if (sortKeys) entries.sort(([left], [right]) => byteOrder(left, right));
    const members = entries.map(([key, item]) => `${encodeString(key)}:${encodeGoJson(item, { sortKeys })}`);
    return `{${members.join(",")}}`;
  }
  if (typeof value === "string") return encodeString(value);
  return Object.is(value, -0) ? "-0" : JSON.stringify(value ?? null);
}

/** Go compares the bytes of UTF-8; JavaScript the units of UTF-16, which differ for what lies beyond U+FFFF. */
function byteOrder(left: string, right: string): number {
  if (left === right) return 0;
  if (!/[\ud800-\uffff]/.test(left + right)) return left < right ? -1 : 1;
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function encodeString(text: string): string {
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, "\ufffd")).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
