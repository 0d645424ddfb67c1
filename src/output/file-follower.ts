import { constants, watch } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { LineSplitter } from "./line-splitter.ts";

const blockSize = 64 * 1024;
const newline = 0x0a;
/** How far back lines are searched for (bytes): a file may well be one line of gigabytes. */
const furthest = 16 * 1024 * 1024;

/** The end of a file. */
export interface FileEnd {
  readonly lines: readonly string[];
  /** What stands behind the last line's end; undefined: nothing. */
  readonly unfinished: string | undefined;
  /** Where the unfinished line begins, or the next one. */
  readonly offset: number;
}

/**
 * The last `count` lines of a file, read from its end, 16 MiB at most. A file that is not there has none.
 *
 * @throws Error of the system, when it cannot be read
 */
export async function lastLinesOf(path: string, count: number): Promise<FileEnd> {
  const file = await openIfThere(path);
  if (file === undefined) return { lines: [], unfinished: undefined, offset: 0 };
  try {
    const { size } = await file.stat();
    const blocks: Buffer[] = [];
    let start = size;
    for (let ends = 0; start > 0 && ends <= count && size - start < furthest; ) {
      const length = Math.min(blockSize, start);
      start -= length;
      const block = Buffer.alloc(length);
      const { bytesRead } = await file.read(block, 0, length, start);
      blocks.push(block.subarray(0, bytesRead));
      for (const byte of block) if (byte === newline) ends++;
    }
    return endOf(Buffer.concat(blocks.reverse()), start, count);
  } finally {
    await file.close();
  }
}

function endOf(bytes: Buffer, start: number, count: number): FileEnd {
  const end = bytes.lastIndexOf(newline) + 1;
  const lines = end === 0 ? [] : bytes.toString("utf8", 0, end - 1).split("\n");
  return {
    // The first one may have begun further back.
    lines: count === 0 ? [] : (start > 0 && lines.length > 1 ? lines.slice(1) : lines).slice(-count),
    unfinished: end < bytes.length ? bytes.toString("utf8", end) : undefined,
    offset: start + end,
  };
}

/**
 * Calls back with each line that is added behind `offset`, until the signal says stop: as `tail -F` does, also after the file
 * was renamed and begun anew, or emptied. `onLine` may answer with a promise: what follows waits for it.
 */
export async function followFile(
  path: string,
  offset: number,
  onLine: (line: string) => Promise<void> | void,
  signal: AbortSignal,
): Promise<void> {
  const news = new Bell();
  const watcher = watch(dirname(path), { signal }, (_, name) => {
    if (name === null || name === basename(path)) news.ring();
  });
  watcher.on("error", () => news.ring());
  signal.addEventListener("abort", () => news.ring());
  let file = await openIfThere(path);
  let position = offset;
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line.toString("utf8")));
  const takeAll = async (from: FileHandle) => {
    for (;;) {
      const { buffer, bytesRead } = await from.read(Buffer.alloc(blockSize), 0, blockSize, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      splitter.take(buffer.subarray(0, bytesRead));
      for (const line of lines.splice(0)) await onLine(line);
    }
  };
  try {
    while (!signal.aborted) {
      if (file !== undefined) {
        // Emptied in its place (copytruncate).
        if ((await file.stat()).size < position) position = 0;
        await takeAll(file);
      }
      if (!(await isStill(path, file))) {
        // What was written between the last look and the renaming.
        if (file !== undefined) await takeAll(file);
        splitter.flush();
        for (const line of lines.splice(0)) await onLine(line);
        await file?.close();
        file = await openIfThere(path);
        position = 0;
        if (file !== undefined) continue;
      }
      await news.heard();
    }
  } finally {
    watcher.close();
    await file?.close();
  }
}

/** Whether the path still leads to this file. */
async function isStill(path: string, file: FileHandle | undefined): Promise<boolean> {
  try {
    const [named, held] = await Promise.all([stat(path), file?.stat()]);
    return held !== undefined && named.ino === held.ino && named.dev === held.dev;
  } catch {
    return file === undefined;
  }
}

/** Only of a regular file is what we read not taken from somebody else. Nobody is waited for at the other end of a pipe. */
async function openIfThere(path: string): Promise<FileHandle | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Error("it is no regular file");
}

/** Remembers that it was rung until somebody has heard it. */
class Bell {
  #isRung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  async heard(): Promise<void> {
    if (!this.#isRung) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#isRung = false;
  }
}
