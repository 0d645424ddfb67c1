import { spawnSync } from "node:child_process";
import { missingInterpreter } from "./exec-fault.ts";
import type { Launch } from "./launch-chain.ts";
import { throughChain } from "./loader-variables.ts";
import type { Program, Starter, StartListener } from "./starter.ts";

export interface LaunchOrder extends Pick<Program, "dir" | "env" | "stdin" | "stdout" | "stderr"> {
  /** Absolute path of the program. */
  readonly file: string;
  /** What it is called, its argv[0] where nothing stands in between. */
  readonly command: string;
  readonly args: readonly string[];
  readonly launch: Launch | undefined;
}

/**
 * Starts a program with the rights that it is to have. Not one byte of the environment goes through an argument list, which
 * everybody can read in /proc.
 *
 * @returns its pid; undefined when it cannot be started, of which the listener hears, now or later
 */
export function launch(order: LaunchOrder, starter: Starter, listener: StartListener): number | undefined {
  const { file, launch: how } = order;
  // Behind a wrapper the kernel's own answer would look like an exit of the program.
  if (how !== undefined && how.chain.length > 0 && missingInterpreter(file) !== undefined) {
    listener.onFailed(Object.assign(new Error("ENOENT"), { code: "ENOENT" }));
    return undefined;
  }
  return withUmask(how?.umask, () => starter.start(programOf(order), listener));
}

function programOf({ file, command, args, launch: how, ...rest }: LaunchOrder): Program {
  const ids = how?.ids ?? {};
  const [first, ...words] = how?.chain ?? [];
  if (first === undefined) return { ...rest, file, argv: [command, ...args], ids };
  const chain = throughChain(words, rest.env, how?.as !== undefined);
  return { ...rest, file: first, argv: [first, ...chain.words, file, ...args], env: chain.env, ids };
}

/**
 * No program sets the umask and keeps all else: a shell loses variables whose names are no identifiers. The process is made
 * within `action`, so ours can stand for the process's meanwhile; what we create ourselves has an explicit mode.
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
