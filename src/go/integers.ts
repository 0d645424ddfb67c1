import { SupervisorError } from "../errors.ts";
import { parseSigned, reasonTexts } from "./strconv/parse-integer.ts";
import { quote } from "./strconv/quote.ts";
import { decodeUtf8, encodeUtf8 } from "./values/bytes.ts";

/**
 * Reads a decimal integer of 64 bits (strconv.Atoi): a sign and digits, nothing else.
 *
 * @throws SupervisorError `INTEGER`, with Go's text
 * @example parseInteger("-3") // -3n
 */
export function parseInteger(text: string): bigint {
  const bytes = encodeUtf8(text);
  const { value, fault } = parseSigned(bytes, 10, 64);
  if (fault === undefined) return value;
  throw new SupervisorError(
    "INTEGER",
    decodeUtf8(`strconv.Atoi: parsing ${quote(bytes)}: ${reasonTexts[fault]}`),
  );
}
