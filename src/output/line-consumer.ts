import type { OnFull } from "../config/definition.ts";
import type { Consumer } from "./consumer.ts";
import { LineSplitter } from "./line-splitter.ts";

/** Takes whole lines; what it does with them is the caller's. */
export interface LineSink {
  write(line: Buffer): void;
  hasRoom(): boolean;
  whenRoom(callback: () => void): void;
}

/** Hands a stream on line by line: to our log, or to our terminal. */
export class LineConsumer implements Consumer {
  readonly #sink: LineSink;
  readonly #onFull: OnFull;
  readonly #onDropped: (lines: number) => void;
  readonly #splitter: LineSplitter;
  #dropped = 0;

  /** `onDropped` hears how many lines were dropped, once there is room again. */
  constructor(sink: LineSink, onFull: OnFull, onDropped: (lines: number) => void) {
    this.#sink = sink;
    this.#onFull = onFull;
    this.#onDropped = onDropped;
    this.#splitter = new LineSplitter((line) => this.#line(line));
  }

  take(chunk: Buffer): void {
    this.#splitter.take(chunk);
  }

  hasRoom(): boolean {
    return this.#onFull === "drop" || this.#sink.hasRoom();
  }

  whenRoom(callback: () => void): void {
    this.#sink.whenRoom(callback);
  }

  endRun(): void {
    this.#splitter.flush();
  }

  #line(line: Buffer): void {
    if (this.#onFull === "drop" && !this.#sink.hasRoom()) {
      if (this.#dropped === 0) this.#sink.whenRoom(() => this.#tell());
      this.#dropped++;
      return;
    }
    this.#sink.write(line);
  }

  #tell(): void {
    const dropped = this.#dropped;
    this.#dropped = 0;
    this.#onDropped(dropped);
  }
}
