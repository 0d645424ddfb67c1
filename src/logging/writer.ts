import { ByteQueue } from "../output/byte-queue.ts";
import type { Outlet } from "./outlet.ts";
import type { RecordWriter } from "./record-frame.ts";

/** Lines waiting for a reader that has stalled are kept up to this size (bytes); then new ones are counted and dropped. */
const maximumPending = 1024 * 1024;
/** Whoever can wait does so beyond this size (bytes): the rest is for lines that cannot. */
const roomyPending = 512 * 1024;
const newline = 0x0a;
/** A terminal that nobody reads is tried again after this time (ms). */
const retryDelay = 20;

/**
 * Writes lines to one of our streams without ever making us wait for its reader: a stalled terminal or log collector must not
 * stop the supervision. Lines keep their order; those of one turn of the event loop leave in one write.
 */
export class LineWriter implements RecordWriter {
  readonly #outlet: Outlet;
  readonly #onDropped: (lines: number) => void;
  readonly #pending = new ByteQueue();
  /** Bytes that the descriptor is being given. */
  #inFlight = 0;
  #dropped = 0;
  #writing = false;
  readonly #waiting: (() => void)[] = [];
  #waitingForRoom: (() => void)[] = [];
  #broken = false;
  #retry: NodeJS.Timeout | undefined;

  /** `onDropped` hears how many lines were dropped, once the reader is back. */
  constructor(outlet: Outlet, onDropped: (lines: number) => void = () => {}) {
    this.#outlet = outlet;
    this.#onDropped = onDropped;
  }

  write(line: string): void {
    if (this.#broken) return;
    if (this.#pending.length + line.length > maximumPending) {
      this.#dropped++;
      return;
    }
    this.#pending.pushText(line);
    this.#flushSoon();
  }

  /** For those who have looked for room before. */
  writeBytes(lines: Buffer): void {
    if (this.#broken || lines.length === 0) return;
    this.#pending.push(lines);
    this.#flushSoon();
  }

  /** A writer that is broken has room for everything: nobody needs to wait for a reader that has gone. */
  hasRoom(): boolean {
    return this.#broken || this.#pending.length < roomyPending;
  }

  /** Calls back once, when there is room again. */
  whenRoom(callback: () => void): void {
    if (this.hasRoom()) setImmediate(callback);
    else this.#waitingForRoom.push(callback);
  }

  /** Resolves when everything is written, or cannot be. */
  drain(): Promise<void> {
    if (!this.#writing) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Writes what the descriptor takes at once, and nothing any more: the process ends. */
  close(): void {
    clearTimeout(this.#retry);
    const broken = this.#broken;
    this.#broken = true;
    if (broken) return;
    // What is being written is the system's already.
    this.#outlet.close(this.#pending.front(this.#pending.length, this.#inFlight));
  }

  #flushSoon(): void {
    if (this.#writing) return;
    this.#writing = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    const parts = this.#pending.front(this.#outlet.largest);
    if (this.hasRoom()) for (const callback of this.#waitingForRoom.splice(0)) setImmediate(callback);
    if (parts.length === 0 || this.#broken) {
      this.#writing = false;
      for (const resolve of this.#waiting.splice(0)) resolve();
      return;
    }
    this.#inFlight = Math.min(this.#pending.length, this.#outlet.largest);
    this.#outlet.write(parts, (error, written) => {
      const given = this.#inFlight;
      this.#inFlight = 0;
      if (error === null) this.#written(written);
      else this.#failed(given, error);
    });
  }

  #written(written: number): void {
    this.#pending.drop(written);
    this.#flush();
    if (this.#dropped === 0) return;
    const dropped = this.#dropped;
    this.#dropped = 0;
    this.#onDropped(dropped);
  }

  #failed(given: number, { code }: NodeJS.ErrnoException): void {
    if (code === "EAGAIN") {
      this.#retry = setTimeout(() => this.#flush(), retryDelay);
      return;
    }
    // A full disk may have room again; a reader that has gone does not come back.
    if (code === "ENOSPC" || code === "EDQUOT") {
      for (const part of this.#pending.front(given)) this.#dropped += linesIn(part);
      this.#pending.drop(given);
    } else this.#broken = true;
    this.#flush();
  }
}

function linesIn(chunk: Buffer): number {
  let count = 0;
  for (const byte of chunk) if (byte === newline) count++;
  return count;
}
