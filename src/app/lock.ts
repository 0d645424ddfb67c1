import { linkSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SupervisorError } from "../errors.ts";
import { thisPlatform } from "../supervise/platform/this-platform.ts";
import type { ProcessIdentity } from "../supervise/ports.ts";
import type { ProcessTable } from "../supervise/process-table.ts";

/** The right to be the one supervisor of an instance. It ends with the process: a dead holder's lock is taken over. */
export interface Lock {
  /** Also removes the instance's folder, unless somebody has begun to use it. */
  release(): void;
}

const lockName = "lock";
const takeoverName = "lock.takeover";

/**
 * Takes the lock of an instance. `link` creates a file with its content in one step, so that nobody ever reads a
 * half-written one; a second lock makes the take-over of a dead holder's lock exclusive.
 *
 * @throws SupervisorError `INSTANCE_RUNS`, naming the holder's pid
 */
export function takeLock(folder: string, table: ProcessTable = thisPlatform.table): Lock {
  const own = join(folder, `lock.${process.pid}`);
  const path = join(folder, lockName);
  writeFileSync(own, identityText(process.pid, table), { mode: 0o600 });
  try {
    if (!tryLink(own, path)) takeOver(own, path, join(folder, takeoverName), table);
  } finally {
    rmSync(own, { force: true });
  }
  return {
    release() {
      rmSync(path, { force: true });
      try {
        rmdirSync(folder);
      } catch {
        // The next one has taken the lock already.
      }
    },
  };
}

function takeOver(own: string, path: string, takeover: string, table: ProcessTable): void {
  refuseIfHeld(path, table);
  if (!tryLink(own, takeover)) {
    refuseIfHeld(takeover, table);
    rmSync(takeover, { force: true });
    if (!tryLink(own, takeover)) refuseIfHeld(takeover, table);
  }
  try {
    // Somebody may have taken it over while we were not alone.
    refuseIfHeld(path, table);
    renameSync(takeover, path);
    // Two who both found a dead take-over may both come here: the file says who has won.
    refuseIfHeld(path, table);
  } finally {
    rmSync(takeover, { force: true });
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Whether somebody who is alive holds the lock of an instance's folder. */
export function isHeld(folder: string, table: ProcessTable = thisPlatform.table): boolean {
  return livingHolder(join(folder, lockName), table) !== undefined;
}

function livingHolder(path: string, table: ProcessTable): ProcessIdentity | undefined {
  const holder = readHolder(path);
  const present = holder && table.entry(holder.pid);
  if (present === undefined || present.dead || present.startTime !== holder?.startTime) return undefined;
  return holder;
}

function refuseIfHeld(path: string, table: ProcessTable): void {
  const holder = livingHolder(path, table);
  if (holder === undefined || holder.pid === process.pid) return;
  throw new SupervisorError("INSTANCE_RUNS", `this configuration is already run by process ${holder.pid}`);
}

function identityText(pid: number, table: ProcessTable): string {
  return `${pid} ${table.entry(pid)?.startTime ?? ""}\n`;
}

function readHolder(path: string): ProcessIdentity | undefined {
  try {
    const [pid, startTime] = readFileSync(path, "utf8").trim().split(" ");
    return pid ? { pid: Number(pid), startTime: startTime || undefined } : undefined;
  } catch {
    return undefined;
  }
}
