import {
  constants,
  fstatSync,
  openSync,
  type Stats,
  statfsSync,
  write,
  writeSync,
  writev,
  writevSync,
} from "node:fs";
import { Socket } from "node:net";
import { nodeClock } from "../supervise/node-clock.ts";

/** Hears how many bytes were written, or why none were; sometimes before `write` returns. */
export type Written = (error: NodeJS.ErrnoException | null, written: number) => void;

/** The way out to a descriptor, for one write after the other. */
export interface Outlet {
  /** The most (bytes) that one write is of use for. */
  readonly largest: number;
  /** Writes these, or as much as there is room for. Their memory may be used again when `done` is called. */
  write(parts: readonly Buffer[], done: Written): void;
  /** Writes what is taken at once, behind a write that may not have ended, and nothing any more. */
  close(parts: readonly Buffer[]): void;
}

/** A write to a file that takes longer (ms) has waited for a disk. */
const slowWrite = 100;
/** How long (ms) the writes that follow are left to other threads. */
const slowTime = 1_000;
/** What a pipe holds (bytes; pipe(7)). */
const pipeSize = 64 * 1024;
/** NFS, SMB (1 and 2), FUSE and 9p (statfs(2)): whoever answers there may stop to. */
const remote: readonly number[] = [0x6969, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997];

/** The way out to one of our own streams. None of them makes us wait for a reader that has stalled. */
export function outletOf(descriptor: number): Outlet {
  const kind = kindOf(descriptor);
  if (kind?.isFile() && !isRemote(descriptor)) return fileOutlet(descriptor);
  if (!kind?.isFIFO() && !kind?.isCharacterDevice()) return threadOutlet(descriptor);
  const own = openAnew(descriptor);
  if (own === undefined) return threadOutlet(descriptor);
  return kind.isFIFO() ? pipeOutlet(own) : threadOutlet(own);
}

/** Another thread writes, and may wait. */
function threadOutlet(descriptor: number): Outlet {
  return {
    largest: Number.POSITIVE_INFINITY,
    write(parts, done) {
      if (parts.length === 1) write(descriptor, parts[0]!, done);
      else writev(descriptor, parts, done);
    },
    close: (parts) => writeAll(descriptor, parts),
  };
}

/**
 * A file is written to at once: the bytes go into memory of the system, and they are still in the processor's cache. Another
 * thread needs a quarter more time for it, and wakes us. Only a busy disk keeps a write waiting: then others do that.
 */
function fileOutlet(descriptor: number): Outlet {
  const byThread = threadOutlet(descriptor);
  let slowUntil = 0;
  return {
    ...byThread,
    write(parts, done) {
      const begunAt = nodeClock.now();
      if (begunAt < slowUntil) {
        byThread.write(parts, done);
        return;
      }
      let written = 0;
      let fault: NodeJS.ErrnoException | null = null;
      try {
        written = writevSync(descriptor, parts);
      } catch (error) {
        fault = error as NodeJS.ErrnoException;
      }
      const endedAt = nodeClock.now();
      if (endedAt - begunAt > slowWrite) slowUntil = endedAt + slowTime;
      done(fault, written);
    },
  };
}

/** A pipe takes what it has room for, and the system tells when it has more. */
function pipeOutlet(descriptor: number): Outlet {
  const socket = new Socket({ fd: descriptor, readable: false, writable: true });
  // Told to whoever writes.
  socket.on("error", () => {});
  return {
    largest: pipeSize,
    write(parts, done) {
      const length = parts.reduce((sum, part) => sum + part.length, 0);
      socket.cork();
      for (const part of parts.slice(0, -1)) socket.write(part);
      socket.write(parts.at(-1)!, (error) => done(error ?? null, error ? 0 : length));
      socket.uncork();
    },
    close(parts) {
      if (socket.writableLength === 0) writeAll(descriptor, parts);
      socket.destroy();
    },
  };
}

function writeAll(descriptor: number, parts: readonly Buffer[]): void {
  try {
    for (const part of parts) for (let at = 0; at < part.length; ) at += writeSync(descriptor, part, at);
  } catch {
    // The reader is gone or stalled; there is nobody left to tell.
  }
}

function kindOf(descriptor: number): Stats | undefined {
  try {
    return fstatSync(descriptor);
  } catch {
    // Closed.
    return undefined;
  }
}

function isRemote(descriptor: number): boolean {
  try {
    return remote.includes(statfsSync(`/proc/self/fd/${descriptor}`).type);
  } catch {
    // No /proc.
    return false;
  }
}

/**
 * A non-blocking descriptor of our own for a pipe or terminal: a blocking write to a reader that has stalled could not even be
 * given up at the end. Children keep the blocking one. Undefined for somebody else's, or without /proc.
 */
function openAnew(descriptor: number): number | undefined {
  const { O_WRONLY, O_NONBLOCK, O_APPEND, O_NOCTTY } = constants;
  try {
    return openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_NONBLOCK | O_APPEND | O_NOCTTY);
  } catch {
    return undefined;
  }
}
