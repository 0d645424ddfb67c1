import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** How much of the end of a run's output a crash record shows. */
const mostBytes = 4096;
const mostLines = 10;

/** Remembers the end of a stream, in memory of a fixed size. */
export class Tail {
  /** Made at the first chunk: most processes never write. */
  #bytes: Buffer | undefined;
  #length = 0;

  take(chunk: Buffer): void {
    this.#bytes ??= Buffer.allocUnsafeSlow(4 * mostBytes);
    const end = chunk.length > mostBytes ? chunk.subarray(-mostBytes) : chunk;
    if (this.#length + end.length > this.#bytes.length) {
      this.#bytes.copyWithin(0, this.#length - mostBytes, this.#length);
      this.#length = mostBytes;
    }
    this.#bytes.set(end, this.#length);
    this.#length += end.length;
  }

  lines(): string[] {
    return this.#bytes === undefined ? [] : lastLines(this.#bytes.subarray(0, this.#length));
  }

  /** What stands behind the end of the last line, as far as it is remembered. */
  unfinished(): Buffer {
    const bytes = this.#bytes?.subarray(0, this.#length) ?? Buffer.alloc(0);
    return Buffer.from(bytes.subarray(bytes.lastIndexOf(0x0a) + 1));
  }

  /** Nothing will be added to its last line. */
  endRun(): void {
    if (this.unfinished().length > 0) this.take(Buffer.from("\n"));
  }

  forget(): void {
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
