import type { Login } from "./credentials.ts";
import { markerVariable } from "./marker.ts";

/** How many calls of stock Caddy by us stand around this one. */
export const callsVariable = "CADDY_SUPERVISOR_CALLS";

/** Variables that are meant for us alone. */
const privateVariables: readonly string[] = [
  "NOTIFY_SOCKET",
  "WATCHDOG_USEC",
  "WATCHDOG_PID",
  markerVariable,
  callsVariable,
];

export interface EnvironmentParts {
  readonly own: NodeJS.ProcessEnv;
  /** Which of our own are passed on, `LC_*` standing for all that begin so; undefined: all. */
  readonly keep?: readonly string[] | undefined;
  readonly login?: Login | undefined;
  /** From env files. */
  readonly files?: Readonly<Record<string, string>>;
  /** The definition's `KEY=VALUE` entries; of two with one key the last wins. */
  readonly entries?: readonly string[];
  readonly marker: string;
}

/**
 * The environment of a process, each layer over the one before it: what is passed on of ours, less what is private to us; the user's home,
 * name and shell, if a user is named; env files; the definition's entries; the marker.
 */
export function processEnvironment(parts: EnvironmentParts): NodeJS.ProcessEnv {
  // No prototype: a variable may be called `__proto__`.
  const environment: NodeJS.ProcessEnv = Object.assign(Object.create(null), kept(parts.own, parts.keep));
  for (const name of privateVariables) delete environment[name];
  logIn(environment, parts.login);
  for (const [key, value] of Object.entries(parts.files ?? {})) environment[key] = value;
  for (const entry of parts.entries ?? []) {
    const equals = entry.indexOf("=");
    if (equals > 0) environment[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
  environment[markerVariable] = parts.marker;
  return environment;
}

function kept(own: NodeJS.ProcessEnv, keep: readonly string[] | undefined): NodeJS.ProcessEnv {
  if (keep === undefined) return own;
  const isKept = (name: string) =>
    keep.some((pattern) =>
      pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
    );
  return Object.fromEntries(Object.entries(own).filter(([name]) => isKept(name)));
}

function logIn(environment: NodeJS.ProcessEnv, login: Login | undefined): void {
  if (login === undefined) return;
  const told = { HOME: login.home, USER: login.name, LOGNAME: login.name, SHELL: login.shell };
  for (const [key, value] of Object.entries(told)) {
    // Ours would name the wrong user.
    if (value === undefined) delete environment[key];
    else environment[key] = value;
  }
}
