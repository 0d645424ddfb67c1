import type { OnFull } from "../config/definition.ts";
import { type Consumer, longestLine } from "./consumer.ts";
import type { LogFile } from "./log-file.ts";

const newline = 0x0a;
const lineEnd = Buffer.from("\n");

/**
 * Hands a stream on to a file in whole lines, so that several may write to one file and it may be rolled between any two
 * calls. Bytes are passed on as they are; only a last line that its run did not end gets an end.
 */
export class FileConsumer implements Consumer {
  readonly #file: LogFile;
  readonly #onFull: OnFull;
  #rest: Buffer[] = [];
  #restLength = 0;
  /** In a line that was too long to be held back. */
  #inLongLine = false;
  /** The rest of the line is dropped, and so is its end. */
  #isDropping = false;

  constructor(file: LogFile, onFull: OnFull) {
    this.#file = file;
    this.#onFull = onFull;
  }

  take(chunk: Buffer): void {
    if (this.#isDropping) {
      const over = chunk.indexOf(newline) + 1;
      if (over === 0) return;
      this.#isDropping = false;
      chunk = chunk.subarray(over);
    }
    const end = chunk.lastIndexOf(newline) + 1;
    if (end > 0) {
      this.#pass(chunk.subarray(0, end));
      this.#inLongLine = false;
    }
    if (end < chunk.length) this.#hold(chunk.subarray(end));
  }

  hasRoom(): boolean {
    return this.#onFull === "drop" || this.#file.hasRoom();
  }

  whenRoom(callback: () => void): void {
    this.#file.whenRoom(callback);
  }

  /** What waits, waits in the file, which is closed only when it is written. */
  isIdle(): boolean {
    return true;
  }

  endRun(): void {
    if (this.#restLength === 0 && !this.#inLongLine) return;
    this.#pass(lineEnd);
    this.#inLongLine = false;
  }

  #hold(part: Buffer): void {
    this.#rest.push(Buffer.from(part));
    this.#restLength += part.length;
    if (this.#restLength <= longestLine) return;
    const hadBegun = this.#inLongLine;
    this.#inLongLine = this.#pass();
    if (this.#inLongLine) return;
    this.#isDropping = true;
    // What has been written of it is a line by itself.
    if (hadBegun) this.#file.append([lineEnd], "block");
  }

  /** False when it was dropped. */
  #pass(last?: Buffer): boolean {
    const whole = last === undefined ? this.#rest : [...this.#rest, last];
    this.#rest = [];
    this.#restLength = 0;
    // The end of a line that has begun is never dropped alone.
    return this.#file.append(whole, this.#inLongLine && last !== undefined ? "block" : this.#onFull);
  }
}
