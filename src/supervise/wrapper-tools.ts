import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import type { Credentials } from "./credentials.ts";
import { errnoText } from "./lookup.ts";

/** The programs that change a process's rights, and what they can do on this machine. Tests hand in others. */
export interface Tools {
  /** The absolute path of a program; absolute, since the process may have a PATH of its own. */
  find(name: string): string | undefined;
  /** Undefined when a process behind this chain has exactly the rights that are wanted, else why not. */
  fault(chain: readonly string[], wanted: WantedRights, ids: Ids): string | undefined;
}

/** What Node itself changes in the new process. It leaves no supplementary groups (libuv, uv__process_child_init). */
export interface Ids {
  readonly uid?: number;
  readonly gid?: number;
}

export interface WantedRights {
  readonly as?: Credentials;
  readonly niceness?: number;
  readonly noNewPrivileges?: boolean;
}

/** Nothing is tried twice: a thousand definitions may ask for the same. */
const tried = new Map<string, string | undefined>();

export const systemTools: Tools = {
  find: (name) => {
    const folders = (process.env.PATH ?? "").split(delimiter).filter(isAbsolute);
    return folders.map((folder) => join(folder, name)).find(isProgram);
  },
  fault: (chain, wanted, ids) => {
    const key = JSON.stringify([chain, wanted, ids]);
    if (!tried.has(key)) tried.set(key, tryChain(chain, wanted, ids));
    return tried.get(key);
  },
};

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Exit codes do not suffice: nice(1) runs its command also when it could change nothing. */
function tryChain(chain: readonly string[], wanted: WantedRights, ids: Ids): string | undefined {
  const [file = "cat", ...args] = [...chain, "cat", "/proc/self/status", "/proc/self/stat"];
  const settings = { encoding: "utf8", cwd: "/", env: { PATH: process.env.PATH }, timeout: 5_000 } as const;
  const { error, status, signal, stdout, stderr } = spawnSync(file, args, { ...settings, ...ids });
  if (error !== undefined) return errnoText(error);
  const words = stderr.trim().split("\n")[0];
  if (status !== 0) return words || `it ends with ${signal ?? status}`;
  return isWeaker(stdout, wanted) ? words || "it has no effect here" : undefined;
}

/** Compares with proc(5): status, then stat. */
function isWeaker(text: string, { as, niceness, noNewPrivileges }: WantedRights): boolean {
  const line = (name: string) =>
    (new RegExp(`^${name}:(.*)$`, "m").exec(text)?.[1] ?? "").trim().split(/\s+/);
  const are = (name: string, value: number) => line(name).every((word) => Number(word) === value);
  if (as !== undefined) {
    if (!are("Uid", as.uid) || !are("Gid", as.gid)) return true;
    // Groups that Node left out are the group itself.
    const groups = line("Groups").filter((word) => word !== "" && word !== String(as.gid));
    if (as.groups.length > 0 && groups.some((word) => !as.groups.includes(Number(word)))) return true;
    const capabilities = ["CapInh", "CapPrm", "CapEff", "CapAmb"].flatMap(line);
    if (as.uid !== 0 && capabilities.some((set) => !/^0+$/.test(set))) return true;
  }
  if (noNewPrivileges && !are("NoNewPrivs", 1)) return true;
  // Fields are counted behind the name, which may hold anything; this is field 19.
  const stat = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return niceness !== undefined && Number(stat[16]) !== niceness;
}
