import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { missingInterpreter } from "./exec-fault.ts";
import type { Launch } from "./launch-chain.ts";
import { throughChain } from "./loader-variables.ts";

export interface LaunchOrder {
  /** Absolute path of the program. */
  readonly file: string;
  /** What it is called, its argv[0] where nothing stands in between. */
  readonly command: string;
  readonly args: readonly string[];
  readonly launch: Launch | undefined;
  readonly options: SpawnOptions;
}

/**
 * Throws what Node refuses by itself (an argument with a NUL byte) and the rarer system errors. Not one byte of the environment
 * goes through an argument list, which everybody can read in /proc.
 */
export function launch({ file, command, args, launch: how, options }: LaunchOrder): ChildProcess {
  if (how === undefined) return spawn(file, args, { ...options, argv0: command });
  return withUmask(how.umask, () => {
    const [first, ...rest] = how.chain;
    if (first === undefined) return spawn(file, args, { ...options, ...how.ids, argv0: command });
    // Behind a wrapper the kernel's own answer would look like an exit of the program.
    if (missingInterpreter(file) !== undefined) throw Object.assign(new Error(), { code: "ENOENT" });
    const { words, env } = throughChain(rest, options.env ?? process.env, how.as !== undefined);
    return spawn(first, [...words, file, ...args], { ...options, ...how.ids, env });
  });
}

/**
 * No program sets the umask and keeps all else: a shell loses variables whose names are no identifiers. Node forks within `spawn`,
 * so ours can stand for the process's meanwhile; what we create ourselves has an explicit mode.
 */
function withUmask<T>(umask: number | undefined, action: () => T): T {
  if (umask === undefined) return action();
  const own = process.umask(umask);
  try {
    return action();
  } finally {
    process.umask(own);
  }
}

/** Asks the system, as the user that a process would be: access control lists and the like are seen by nobody else. */
export function mayExecute(path: string, { chain, ids }: Launch): boolean {
  const [file = "test", ...args] = [...chain, "test", "-x", path];
  const env = { PATH: process.env.PATH };
  return spawnSync(file, args, { ...ids, cwd: "/", env, stdio: "ignore", timeout: 5_000 }).status === 0;
}
