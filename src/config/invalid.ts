import { SupervisorError } from "../errors.ts";
import { parseDuration } from "../go/duration.ts";

/** The error for an option with a value that it cannot have. */
export function invalid(option: string, message: string, hint?: string): SupervisorError {
  return new SupervisorError("DEFINITION", message, { option, hint });
}

/** The value, which must be one of these words. */
export function oneOf<Word extends string>(
  option: string,
  name: string,
  words: readonly Word[],
  value: string,
): Word {
  const known = words.find((word) => word === value);
  if (known !== undefined) return known;
  throw invalid(option, `'${name}' should be one of ${words.join(", ")}, '${value}' given`);
}

const day = /([0-9]*\.?[0-9]+)d/g;

/**
 * A duration in milliseconds. As in Caddy's own options (caddy.ParseDuration), `d` is 24 hours.
 *
 * @throws SupervisorError `DEFINITION` unless it is a duration of at least `least` ms
 */
export function milliseconds(option: string, name: string, text: string, least = 0): number {
  const inHours = text.replace(day, (_, days: string) => `${Number(days) * 24}h`);
  let value: number;
  try {
    value = Number(parseDuration(inHours)) / 1e6;
  } catch (cause) {
    throw new SupervisorError("DEFINITION", `'${name}' should be a duration, '${text}' given`, {
      option,
      hint: "write it as 10s, 1m30s or 500ms",
      cause,
    });
  }
  if (value >= least) return value;
  throw invalid(option, `'${name}' should be at least ${least / 1000}s, '${text}' given`);
}
