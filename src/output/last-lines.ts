import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** How much of the end of a run's output a crash record shows. */
const mostBytes = 4096;
const mostLines = 10;

/** Remembers the end of a stream. */
export class Tail {
  #chunks: Buffer[] = [];
  #length = 0;

  take(chunk: Buffer): void {
    this.#chunks.push(chunk.length > mostBytes ? Buffer.from(chunk.subarray(-mostBytes)) : chunk);
    this.#length += Math.min(chunk.length, mostBytes);
    if (this.#length <= 2 * mostBytes && this.#chunks.length < 64) return;
    // A copy, so that large chunks are not kept alive by their ends.
    const end = Buffer.concat(this.#chunks).subarray(-mostBytes);
    this.#chunks = [Buffer.from(end)];
    this.#length = end.length;
  }

  lines(): string[] {
    return lastLines(Buffer.concat(this.#chunks));
  }

  /** What stands behind the end of the last line, as far as it is remembered. */
  unfinished(): Buffer {
    const bytes = Buffer.concat(this.#chunks);
    return bytes.subarray(bytes.lastIndexOf(0x0a) + 1);
  }

  /** Nothing will be added to its last line. */
  endRun(): void {
    if (this.unfinished().length > 0) this.take(Buffer.from("\n"));
  }

  forget(): void {
    this.#chunks = [];
    this.#length = 0;
  }
}

/** The end of what was written to a file behind this position; nothing when it cannot be read. */
export function fileTail(path: string, from: number): string[] {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    const { size } = fstatSync(descriptor);
    const start = Math.max(Math.min(from, size), size - mostBytes);
    const end = Buffer.alloc(size - start);
    return lastLines(end.subarray(0, readSync(descriptor, end, 0, end.length, start)));
  } catch {
    return [];
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function lastLines(bytes: Buffer): string[] {
  const text = bytes.subarray(-mostBytes).toString("utf8").replace(/\n$/, "");
  return text === "" ? [] : text.split("\n").slice(-mostLines);
}
