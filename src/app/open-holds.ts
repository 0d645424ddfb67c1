import { SupervisorError } from "../errors.ts";
import type { Logger } from "../logging/logger.ts";
import type { OwnHolds } from "../supervise/platform/platform.ts";
import { thisPlatform } from "../supervise/platform/this-platform.ts";

/**
 * What `--cgroup` asks for: true for our own control group, else a path. Undefined: nothing, and nothing is loaded.
 *
 * @throws SupervisorError `CGROUP`
 */
export async function openHolds(
  wanted: string | true | undefined,
  log: Logger,
): Promise<OwnHolds | undefined> {
  if (wanted === undefined) return undefined;
  const { holds } = thisPlatform;
  if (holds === undefined) throw new SupervisorError("CGROUP", "this system has no control groups");
  return holds.open(wanted === true ? undefined : wanted, (message, error) =>
    log.named("supervisor").log("warn", message, { error: error.message }),
  );
}
