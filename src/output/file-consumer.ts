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

  constructor(file: LogFile, onFull: OnFull) {
    this.#file = file;
    this.#onFull = onFull;
  }

  take(chunk: Buffer): void {
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
    this.#rest.push(part);
    this.#restLength += part.length;
    if (this.#restLength <= longestLine) return;
    this.#inLongLine = true;
    this.#pass();
  }

  #pass(last?: Buffer): void {
    const whole = last === undefined ? this.#rest : [...this.#rest, last];
    this.#rest = [];
    this.#restLength = 0;
    const block = whole.length === 1 ? whole[0]! : Buffer.concat(whole);
    this.#file.append(block, this.#onFull);
  }
}
