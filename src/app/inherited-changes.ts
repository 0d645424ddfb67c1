import { isSame } from "../config/is-same.ts";
import { readEnvFiles } from "../supervise/env-files.ts";
import { processEnvironment } from "../supervise/environment.ts";
import type { Provisioned } from "./provision.ts";

/**
 * What a replica inherits otherwise than its process did, one sentence for each variable, never a value. A variable that
 * `clear_env` keeps away, or that `env`, an env file or the user's login replaces, is none of them.
 */
export function inheritedChanges(was: Provisioned, will: Provisioned, cwd: string): string[] {
  if (was.inherited === will.inherited || isSame(was.inherited, will.inherited)) return [];
  const environmentOf = (own: NodeJS.ProcessEnv) =>
    processEnvironment({
      own,
      keep: will.plan.keepEnv,
      login: will.launch.login,
      files: readEnvFiles(will.plan.envFiles, cwd),
      entries: will.plan.options.env,
      marker: "",
    });
  const before = environmentOf(was.inherited);
  const after = environmentOf(will.inherited);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
    if (before[name] === after[name]) return [];
    const how = after[name] === undefined ? "removed" : before[name] === undefined ? "added" : "changed";
    return [`environment variable ${name} ${how}`];
  });
}
