import { SupervisorError } from "../errors.ts";
import { readDuration, writeDuration } from "./duration-text.ts";
import { decodeUtf8, encodeUtf8 } from "./values/bytes.ts";
import { GoError } from "./values/model.ts";

/**
 * Reads a Go duration (time.ParseDuration): a sign, then numbers with a unit each, `ns us µs ms s m h`.
 *
 * @returns nanoseconds
 * @throws SupervisorError `DURATION`, with Go's text
 * @example parseDuration("1m30s") // 90_000_000_000n
 */
export function parseDuration(text: string): bigint {
  try {
    return readDuration(encodeUtf8(text));
  } catch (error) {
    if (error instanceof GoError)
      throw new SupervisorError("DURATION", decodeUtf8(error.message), { cause: error });
    throw error;
  }
}

/**
 * Writes nanoseconds as Go does (Duration.String).
 *
 * @param nanoseconds of 64 bits
 * @example formatDuration(90_000_000_000n) // "1m30s"
 */
export function formatDuration(nanoseconds: bigint): string {
  return decodeUtf8(writeDuration(nanoseconds));
}
