import { longestLine } from "./consumer.ts";

const newline = 0x0a;

/** Cuts a stream into lines, without their ends. A longer line than {@link longestLine} comes in parts. */
export class LineSplitter {
  readonly #onLine: (line: Buffer) => void;
  #rest: Buffer[] = [];
  #restLength = 0;

  constructor(onLine: (line: Buffer) => void) {
    this.#onLine = onLine;
  }

  /** Whether a line has begun that has not ended. */
  get isMidLine(): boolean {
    return this.#restLength > 0;
  }

  /** Takes a chunk, or as much of it as there is room for behind each line; what is left is given back. */
  take(chunk: Buffer, hasRoom: () => boolean = () => true): Buffer | undefined {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      this.#add(chunk.subarray(start, end));
      this.flush(true);
      start = end + 1;
      if (!hasRoom()) return start < chunk.length ? chunk.subarray(start) : undefined;
    }
    // The chunk's memory is its reader's again.
    if (start < chunk.length) this.#add(Buffer.from(chunk.subarray(start)));
    return undefined;
  }

  /** Hands on the line that has not ended yet; an empty one only if its end has been seen. */
  flush(evenEmpty = false): void {
    if (this.#restLength === 0 && !evenEmpty) return;
    const line = this.#rest.length === 1 ? this.#rest[0]! : Buffer.concat(this.#rest);
    this.#rest = [];
    this.#restLength = 0;
    this.#onLine(line);
  }

  #add(part: Buffer): void {
    while (this.#restLength + part.length > longestLine) {
      const fits = longestLine - this.#restLength;
      this.#push(part.subarray(0, fits));
      this.flush(true);
      part = part.subarray(fits);
    }
    this.#push(part);
  }

  #push(part: Buffer): void {
    if (part.length === 0) return;
    this.#rest.push(part);
    this.#restLength += part.length;
  }
}
