import type { Credentials } from "./credentials.ts";
import { markerVariable } from "./marker.ts";

/** Variables that are meant for us alone. */
const privateVariables: readonly string[] = [
  "NOTIFY_SOCKET",
  "WATCHDOG_USEC",
  "WATCHDOG_PID",
  markerVariable,
];

/**
 * The environment of a process: ours without what is private to us, then the user's home and name if the user is
 * changed, then the definition's `KEY=VALUE` entries (the last of two wins), then the marker.
 */
export function processEnvironment(
  own: NodeJS.ProcessEnv,
  entries: readonly string[],
  as: Credentials | undefined,
  marker: string,
): NodeJS.ProcessEnv {
  // No prototype: a variable may be called `__proto__`.
  const environment: NodeJS.ProcessEnv = Object.assign(Object.create(null), own);
  for (const name of privateVariables) delete environment[name];
  if (as !== undefined) {
    environment.HOME = as.home;
    environment.USER = as.name;
    environment.LOGNAME = as.name;
  }
  for (const entry of entries) {
    const equals = entry.indexOf("=");
    if (equals > 0) environment[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
  environment[markerVariable] = marker;
  return environment;
}
