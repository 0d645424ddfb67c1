import { readSync } from "node:fs";
import { Socket } from "node:net";
import type { Consumer } from "./consumer.ts";
import { type Fifo, takeFifo } from "./fifo.ts";
import { Tail } from "./last-lines.ts";

const readSize = 64 * 1024;
/** A process may write while we drain: no more than this many reads, so that nobody can hold us up. */
const mostReads = 64;

/**
 * Reads what the runs of one replica write and hands it on. When the consumer has no room, reading stops: the pipe
 * fills, and the process waits.
 */
export class OutputPipe {
  readonly #fifo: Fifo = takeFifo();
  readonly #socket: Socket;
  readonly #consumer: Consumer;
  readonly #tail = new Tail();
  /** A run has ended, and not all that it wrote could be taken yet. */
  #hasEnded = false;
  /** The consumer calls back when it has room. */
  #isWaiting = false;
  #isClosing = false;

  /** @throws Error when no pipe can be made */
  constructor(consumer: Consumer) {
    this.#consumer = consumer;
    this.#socket = new Socket({ fd: this.#fifo.descriptor, readable: true, writable: false });
    this.#socket.on("data", (chunk: Buffer) => this.#take(chunk));
    // Nothing is known that could go wrong with a pipe of which we hold both ends.
    this.#socket.on("error", () => {});
    // Only what runs keeps us alive, not the pipe to it.
    this.#socket.unref();
  }

  openWriter(): number {
    return this.#fifo.openWriter();
  }

  /** Another run begins: what the one before wrote is no longer of interest. */
  beginRun(): void {
    this.#tail.forget();
  }

  /** The last lines of the run. */
  lastLines(): string[] {
    return this.#tail.lines();
  }

  /** A run has ended: takes what it has left in the pipe, as far as there is room, and ends its last line. */
  endRun(): void {
    this.#hasEnded = true;
    this.#drain();
  }

  #drain(): void {
    // What the socket has read ahead was written before what is still in the pipe.
    while (this.#socket.readableLength > 0 && this.#consumer.hasRoom()) this.#socket.read();
    const chunk = Buffer.allocUnsafe(readSize);
    try {
      for (let read = 0; read < mostReads && this.#consumer.hasRoom(); read++) {
        const length = readSync(this.#fifo.descriptor, chunk, 0, readSize, null);
        this.#hand(Buffer.from(chunk.subarray(0, length)));
      }
    } catch {
      // EAGAIN: it is empty.
      this.#hasEnded = false;
      this.#consumer.endRun();
    }
    this.#waitForRoom();
  }

  /** No other run follows. What there is no room for yet is still taken when there is; then the pipe is given back. */
  close(): void {
    this.endRun();
    if (this.#hasEnded && this.#isWaiting) this.#isClosing = true;
    else this.#socket.destroy();
  }

  #hand(chunk: Buffer): void {
    this.#tail.take(chunk);
    this.#consumer.take(chunk);
  }

  #take(chunk: Buffer): void {
    this.#hand(chunk);
    this.#waitForRoom();
  }

  #waitForRoom(): void {
    if (this.#isWaiting || this.#consumer.hasRoom()) return;
    this.#isWaiting = true;
    this.#socket.pause();
    this.#consumer.whenRoom(() => {
      this.#isWaiting = false;
      if (this.#hasEnded) this.#drain();
      if (this.#isWaiting) return;
      if (this.#isClosing) this.#socket.destroy();
      else this.#socket.resume();
    });
  }
}
