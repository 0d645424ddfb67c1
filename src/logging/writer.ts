import { constants, fstatSync, openSync, write, writeSync } from "node:fs";

/** Lines waiting for a reader that has stalled are kept up to this size (bytes); then new ones are counted and dropped. */
const maximumPending = 1024 * 1024;
/** Whoever can wait does so beyond this size (bytes): the rest is for lines that cannot. */
const roomyPending = 256 * 1024;
/** A pipe that somebody set non-blocking and nobody reads is tried again after this time (ms). */
const retryDelay = 20;

/**
 * Writes lines to a descriptor without ever making us wait for its reader: a stalled terminal or log collector must not
 * stop the supervision. Lines keep their order; those of one turn of the event loop leave in one write.
 */
export class LineWriter {
  readonly #descriptor: number;
  readonly #onDropped: (lines: number) => void;
  #pending: string[] = [];
  #pendingSize = 0;
  /** Of the chunk that the descriptor has not taken yet. */
  #inFlight = 0;
  #dropped = 0;
  #rest: Buffer | undefined;
  #writing = false;
  readonly #waiting: (() => void)[] = [];
  #waitingForRoom: (() => void)[] = [];
  #broken = false;
  #retry: NodeJS.Timeout | undefined;

  /** `onDropped` hears how many lines were dropped, once the reader is back. */
  constructor(descriptor: number, onDropped: (lines: number) => void = () => {}) {
    this.#descriptor = descriptor;
    this.#onDropped = onDropped;
  }

  write(line: string): void {
    if (this.#broken) return;
    if (this.#unwritten + line.length > maximumPending) {
      this.#dropped++;
      return;
    }
    this.#pending.push(line);
    this.#pendingSize += line.length;
    if (!this.#writing) {
      this.#writing = true;
      setImmediate(() => this.#flush());
    }
  }

  /** A writer that is broken has room for everything: nobody needs to wait for a reader that has gone. */
  hasRoom(): boolean {
    return this.#broken || this.#unwritten < roomyPending;
  }

  get #unwritten(): number {
    return this.#pendingSize + this.#inFlight;
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
    const chunk = this.#take();
    const broken = this.#broken;
    this.#broken = true;
    if (broken || chunk === undefined) return;
    try {
      for (let at = 0; at < chunk.length; ) at += writeSync(this.#descriptor, chunk, at);
    } catch {
      // The reader is gone or stalled; there is nobody left to tell.
    }
  }

  #flush(): void {
    const chunk = this.#take();
    this.#inFlight = chunk?.length ?? 0;
    if (this.hasRoom()) for (const callback of this.#waitingForRoom.splice(0)) setImmediate(callback);
    if (chunk === undefined || this.#broken) {
      this.#writing = false;
      for (const resolve of this.#waiting.splice(0)) resolve();
      return;
    }
    write(this.#descriptor, chunk, (error, written) => {
      if (error === null) this.#written(chunk, written);
      else this.#failed(chunk, error);
    });
  }

  #written(chunk: Buffer, written: number): void {
    if (written < chunk.length) this.#rest = chunk.subarray(written);
    this.#flush();
    if (this.#dropped === 0) return;
    const dropped = this.#dropped;
    this.#dropped = 0;
    this.#onDropped(dropped);
  }

  #failed(chunk: Buffer, { code }: NodeJS.ErrnoException): void {
    if (code === "EAGAIN") {
      this.#rest = chunk;
      this.#retry = setTimeout(() => this.#flush(), retryDelay);
      return;
    }
    // A full disk may have room again; a reader that has gone does not come back.
    if (code === "ENOSPC" || code === "EDQUOT") this.#dropped += linesIn(chunk);
    else this.#broken = true;
    this.#flush();
  }

  /** The bytes to write next: what a short write left, then the lines since. */
  #take(): Buffer | undefined {
    const lines = this.#pending.join("");
    this.#pending = [];
    this.#pendingSize = 0;
    const rest = this.#rest;
    this.#rest = undefined;
    if (lines === "") return rest;
    const fresh = Buffer.from(lines);
    return rest === undefined ? fresh : Buffer.concat([rest, fresh]);
  }
}

function linesIn(chunk: Buffer): number {
  let count = 0;
  for (const byte of chunk) if (byte === 0x0a) count++;
  return count;
}

/**
 * A descriptor of our own for one of our streams. A pipe or terminal is opened anew as non-blocking: a blocking write to
 * a reader that has stalled could not even be given up at the end. Children keep the blocking one.
 */
export function ownDescriptor(descriptor: number): number {
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFIFO() && !stats.isCharacterDevice()) return descriptor;
    const { O_WRONLY, O_NONBLOCK, O_APPEND, O_NOCTTY } = constants;
    return openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_NONBLOCK | O_APPEND | O_NOCTTY);
  } catch {
    // Somebody else's pipe, or no /proc.
    return descriptor;
  }
}
