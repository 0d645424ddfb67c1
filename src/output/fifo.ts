import { spawnSync } from "node:child_process";
import { accessSync, closeSync, constants, fchownSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errnoText } from "../supervise/lookup.ts";
import { systemTools } from "../supervise/wrapper-tools.ts";

/**
 * A pipe between a process and us: we hold the reading end, and give away writing ends. Node has no pipe(2), and its own
 * `pipe` streams are socket pairs that end only when the last descendant has let go; so it is a named pipe whose name is
 * removed at once. Since we hold it open ourselves it outlives every run, and what a run wrote before its end can be
 * read to the last byte without waiting for anybody (pipe(7), fifo(7)).
 */
export interface Fifo {
  /** Our end: non-blocking. */
  readonly descriptor: number;
  /** Gives it to the user that the process runs as: programs that open /dev/stderr open it anew, by themselves. */
  own(uid: number, gid: number): void;
  /** A new blocking descriptor for a process; the caller closes it. */
  openWriter(): number;
}

/** Made ahead, so that a thousand pipes take one mkfifo(1). */
const pool: Fifo[] = [];
const largestBatch = 500;

/** @throws Error of the system: no descriptor is free, the temporary folder is full, mkfifo is not installed */
export function takeFifo(): Fifo {
  if (pool.length === 0) makeFifos(1);
  const fifo = pool.pop();
  if (fifo === undefined) throw new Error("mkfifo made no pipe");
  return fifo;
}

/** Makes pipes for starts to come. What cannot be made now is made, or complained of, when it is needed. */
export function prepareFifos(count: number): void {
  try {
    for (let left = count - pool.length; left > 0; left -= largestBatch)
      makeFifos(Math.min(left, largestBatch));
  } catch {
    // Each start tries again by itself, and tells.
  }
}

/** Where mkfifo(1) was found: it is looked for again only while it is missing. */
let mkfifo: string | undefined;

/** Why no pipe could be made, and what to do about it; undefined when one could. Creates nothing. */
export function fifoFault(): { readonly why: string; readonly hint: string } | undefined {
  mkfifo ??= systemTools.find("mkfifo");
  if (mkfifo === undefined)
    return { why: "mkfifo is not installed", hint: "install mkfifo, a part of coreutils" };
  const folder = tmpdir();
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return {
      why: `temporary folder ${folder}: ${errnoText(error)}`,
      hint: "set TMPDIR to a folder that our user may write to",
    };
  }
}

function makeFifos(count: number): void {
  const folder = mkdtempSync(join(tmpdir(), "caddy-supervisor-pipe-"));
  try {
    const paths = Array.from({ length: count }, (_, index) => join(folder, String(index)));
    const { error, status, stderr } = spawnSync("mkfifo", ["-m", "600", ...paths], { encoding: "utf8" });
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(stderr.trim());
    for (const path of paths) pool.push(openFifo(path));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openFifo(path: string): Fifo {
  // For both ends: it opens at once, and never meets an end of file.
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  return {
    descriptor,
    own: (uid, gid) => fchownSync(descriptor, uid, gid),
    openWriter: () => openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY),
  };
}

/** Gives back the pipes that nobody took. */
export function dropPreparedFifos(): void {
  for (const { descriptor } of pool.splice(0)) closeSync(descriptor);
}
