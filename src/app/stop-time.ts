import { longestCaddyStop } from "../caddy/stop-attempts.ts";
import type { SlowestStop } from "../config/slowest-stop.ts";
import { formatDuration } from "../go/duration.ts";

/** How long an orderly stop may take (ms): first Caddy, if there is one, then all replicas side by side. */
export function longestStop(slowest: SlowestStop | undefined, hasCaddy: boolean): number {
  return (hasCaddy ? longestCaddyStop : 0) + (slowest?.wait ?? 0);
}

/** What is to be said when an orderly stop may take longer than `--stop-timeout` (ms); undefined: it may not. */
export function stopTimeWarning(
  slowest: SlowestStop | undefined,
  hasCaddy: boolean,
  stopTimeout: number,
): string | undefined {
  const longest = longestStop(slowest, hasCaddy);
  if (longest <= stopTimeout) return undefined;
  const parts = [
    ...(hasCaddy ? [`${written(longestCaddyStop)} for Caddy`] : []),
    ...(slowest === undefined ? [] : [`${written(slowest.wait)} for '${slowest.command.join(" ")}'`]),
  ];
  return `a stop may take ${written(longest)} (${parts.join(", then ")}), longer than --stop-timeout ${written(stopTimeout)}: what is left then is killed`;
}

function written(milliseconds: number): string {
  return formatDuration(BigInt(Math.round(milliseconds * 1e6)));
}
