import { readSync } from "node:fs";
import { Socket } from "node:net";
import { nodeClock } from "../supervise/node-clock.ts";
import type { Consumer } from "./consumer.ts";
import { type Fifo, takeFifo } from "./fifo.ts";
import { Tail } from "./last-lines.ts";

/** More than a pipe holds: a read that does not fill it has emptied the pipe, and need not be tried again to know that. */
const readSize = 128 * 1024;
/** What is read is taken before anybody else reads: one place for all pipes. */
let arrived: Buffer | undefined;
/** The same for a drain, which may begin while something is taken. */
let scratch: Buffer | undefined;
/** A process may write while we drain: no more than this many reads, so that nobody can hold us up. */
const mostReads = 64;
/** The longest delay that a Node timer takes (ms). */
const longestTimer = 2 ** 31 - 1;

/** Sees all that passes through a pipe. */
export interface PipeWatcher {
  take(chunk: Buffer): void;
  /** The run is over: a line that it has not ended is a line all the same. */
  endRun(): void;
}

/**
 * Reads what the runs of one replica write and hands it on. When the consumer has no room, reading stops: the pipe
 * fills, and the process waits.
 */
export class OutputPipe {
  readonly #fifo: Fifo = takeFifo();
  readonly #socket: Socket;
  readonly #consumer: Consumer;
  readonly #tail = new Tail();
  readonly #watcher: PipeWatcher | undefined;
  /** A run has ended, and not all that it wrote could be taken yet. */
  #hasEnded = false;
  /** The consumer calls back when it has room. */
  #isWaiting = false;
  /** Ends the wait of a close for room. */
  #stopWaiting: () => void = () => {};
  /** The descriptor may be somebody else's by now. */
  #isClosed = false;

  /**
   * @param owner the user that writes into it, when that is not ours
   * @param watcher also sees all that passes
   * @throws Error when no pipe can be made
   */
  constructor(
    consumer: Consumer,
    owner?: { readonly uid: number; readonly gid: number },
    watcher?: PipeWatcher,
  ) {
    this.#consumer = consumer;
    this.#watcher = watcher;
    if (owner !== undefined) this.#fifo.own(owner.uid, owner.gid);
    arrived ??= Buffer.allocUnsafeSlow(readSize);
    // Into a buffer of ours: a stream would keep what it has read, and a drain would overtake it.
    // (`onread` is documented for net.connect, and taken by the constructor that this calls.)
    const onread = { buffer: arrived, callback: this.#onRead };
    const options = { fd: this.#fifo.descriptor, readable: true, writable: false, onread };
    this.#socket = new Socket(options);
    this.#socket.resume();
    // Nothing is known that could go wrong with a pipe of which we hold both ends.
    this.#socket.on("error", () => {});
    // Only what runs keeps us alive, not the pipe to it.
    this.#socket.unref();
  }

  openWriter(): number {
    return this.#fifo.openWriter();
  }

  /** Whether all that ended runs have written is taken: the next one may use the same pipe. */
  isDone(): boolean {
    return !this.#hasEnded && this.#consumer.isIdle();
  }

  /** Another run begins: what the one before wrote is no longer of interest. */
  beginRun(): void {
    this.#tail.forget();
  }

  /** The last lines of the run. */
  lastLines(): string[] {
    return this.#tail.lines();
  }

  /** What the run has begun to write as a line. */
  unfinished(): Buffer {
    return this.#tail.unfinished();
  }

  /** A run has ended: takes what it has left in the pipe, as far as there is room, and ends its last line. */
  endRun(): void {
    this.#hasEnded = true;
    this.#drain();
  }

  /** There will be no other run. Resolves when all is taken, or `patience` ms have passed; what is left then is lost. */
  async close(patience: number): Promise<void> {
    this.endRun();
    const end = nodeClock.now() + patience;
    while (!this.#isClosed && (this.#hasEnded || !this.#consumer.isIdle()) && nodeClock.now() < end)
      await this.#roomOr(end - nodeClock.now());
    this.abandon();
  }

  /** Gives the pipe back: what nobody has taken is lost. Whoever waits for its close waits no longer. */
  abandon(): void {
    this.#isClosed = true;
    this.#socket.destroy();
    this.#stopWaiting();
  }

  #drain(): void {
    scratch ??= Buffer.allocUnsafeSlow(readSize);
    try {
      for (let read = 0; read < mostReads && this.#consumer.hasRoom(); read++) {
        const length = readSync(this.#fifo.descriptor, scratch, 0, readSize, null);
        this.#hand(scratch.subarray(0, length));
      }
      this.#waitForRoom();
    } catch {
      // EAGAIN: it is empty.
      this.#hasEnded = false;
      this.#tail.endRun();
      this.#watcher?.endRun();
      this.#consumer.endRun();
    }
  }

  #roomOr(patience: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(patience, longestTimer));
      this.#stopWaiting = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#consumer.whenRoom(this.#stopWaiting);
    });
  }

  #hand(chunk: Buffer): void {
    this.#tail.take(chunk);
    this.#watcher?.take(chunk);
    this.#consumer.take(chunk);
  }

  /** False stops the reading. */
  readonly #onRead = (length: number, buffer: Uint8Array): boolean => {
    this.#hand((buffer as Buffer).subarray(0, length));
    if (this.#consumer.hasRoom()) return true;
    this.#waitForRoom();
    return false;
  };

  #waitForRoom(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#consumer.whenRoom(() => {
      this.#isWaiting = false;
      if (this.#isClosed) return;
      if (this.#hasEnded) this.#drain();
      if (!this.#isWaiting) this.#socket.resume();
    });
  }
}
