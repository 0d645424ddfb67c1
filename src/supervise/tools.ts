import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, delimiter, isAbsolute, join } from "node:path";

/** The system's programs that set rights; tests hand in others. */
export interface Tools {
  /** The absolute path of a program, since a process may have a PATH of its own; undefined: not installed. */
  find(name: string): string | undefined;
  /**
   * What keeps this program from doing its work, found out by running something harmless through it; undefined when it
   * works. `uid`: who it must run as. (busybox's setpriv cannot change users, and a container may forbid it.)
   */
  fault(chain: readonly string[], uid?: number): string | undefined;
}

/** Each chain is tried once. */
const tried = new Map<string, string | undefined>();

export const realTools: Tools = {
  find(name) {
    const folders = (process.env.PATH ?? "").split(delimiter).filter(isAbsolute);
    return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  },
  fault(chain, uid) {
    const key = JSON.stringify([chain, uid]);
    if (!tried.has(key)) tried.set(key, tryOut(chain, uid));
    return tried.get(key);
  },
};

function tryOut(chain: readonly string[], uid: number | undefined): string | undefined {
  const [program = "", ...args] = chain;
  const { status, stdout, stderr, error } = spawnSync(program, [...args, "id", "-u"], {
    encoding: "utf8",
    cwd: "/",
  });
  if (error !== undefined) return error.message;
  const [said = ""] = stderr.trim().split("\n");
  // What is run through it may itself fail, for want of descriptors or memory: that is no fault of the program's.
  if (status !== 0 && (uid !== undefined || said.startsWith(`${basename(program)}:`)))
    return said || `${program} ended with ${status}`;
  return uid === undefined || stdout.trim() === String(uid)
    ? undefined
    : `${program} did not change the user`;
}
