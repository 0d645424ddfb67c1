import type { Definition } from "./definition.ts";
import { invalid } from "./invalid.ts";

/**
 * Which of our own variables a process gets: names, or their beginnings with a `*` behind. Undefined: all.
 *
 * @throws SupervisorError `DEFINITION` for what would never match
 */
export function planKeptVariables({ clearEnv }: Definition): readonly string[] | undefined {
  const wrong = clearEnv?.find((pattern) => !/^[^=*\0]*\*?$/.test(pattern) || pattern === "");
  if (wrong === undefined) return clearEnv;
  throw invalid(
    "clear_env",
    `'clear_env' should name variables to keep, '${wrong}' given`,
    "write PATH, or LC_* for all that begin with LC_; what a variable is to be is set with env",
  );
}
