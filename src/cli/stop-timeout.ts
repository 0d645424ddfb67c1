import { SupervisorError } from "../errors.ts";
import { parseDuration } from "../go/duration.ts";

/**
 * What `--stop-timeout` says, in milliseconds; undefined when it is not given.
 *
 * @throws SupervisorError `DURATION`
 */
export function readStopTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const milliseconds = Number(parseDuration(text)) / 1e6;
  if (milliseconds > 0) return milliseconds;
  throw new SupervisorError("DURATION", `--stop-timeout should be more than 0, '${text}' given`);
}
