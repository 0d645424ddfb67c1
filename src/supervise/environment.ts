import type { Credentials } from "./credentials.ts";
import { markerVariable } from "./marker.ts";

/** Variables that are meant for us alone. */
const privateVariables: readonly string[] = [
  "NOTIFY_SOCKET",
  "WATCHDOG_USEC",
  "WATCHDOG_PID",
  markerVariable,
];

/** What the environment of a process is made of, lowest rank first. */
export interface EnvironmentParts {
  readonly own: NodeJS.ProcessEnv;
  /** Which of our own variables are passed on; a name may end with `*`. Undefined: all. */
  readonly keep: readonly string[] | undefined;
  /** The user, if it is changed. */
  readonly as: Credentials | undefined;
  /** Of env files, in their order. */
  readonly fromFiles: readonly Readonly<Record<string, string>>[];
  /** `KEY=VALUE`; the last of two wins. */
  readonly entries: readonly string[];
  readonly marker: string;
}

/** The environment of a process. What is private to us is never passed on, and the marker cannot be replaced. */
export function processEnvironment(parts: EnvironmentParts): NodeJS.ProcessEnv {
  // No prototype: a variable may be called `__proto__`.
  const environment: NodeJS.ProcessEnv = Object.assign(Object.create(null), kept(parts));
  for (const name of privateVariables) delete environment[name];
  const { as } = parts;
  if (as !== undefined) {
    environment.HOME = as.home;
    environment.SHELL = as.shell;
    delete environment.USER;
    delete environment.LOGNAME;
    if (as.name !== undefined) {
      environment.USER = as.name;
      environment.LOGNAME = as.name;
    }
  }
  for (const variables of parts.fromFiles) Object.assign(environment, variables);
  for (const entry of parts.entries) {
    const equals = entry.indexOf("=");
    if (equals > 0) environment[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
  environment[markerVariable] = parts.marker;
  return environment;
}

function kept({ own, keep }: EnvironmentParts): NodeJS.ProcessEnv {
  if (keep === undefined) return own;
  const isKept = (name: string) =>
    keep.some((pattern) =>
      pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
    );
  return Object.fromEntries(Object.entries(own).filter(([name]) => isKept(name)));
}
