import type { OnFull } from "../config/definition.ts";
import { type Consumer, longestLine } from "./consumer.ts";
import { LineSplitter } from "./line-splitter.ts";

const newline = 0x0a;

/** Takes whole lines; what it does with them is the caller's. */
export interface LineSink {
  write(line: Buffer): void;
  /** Takes whole lines, with their ends, while there is room. Gives how many bytes it took. */
  writeAll?(lines: Buffer): number;
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
  /** Chunks for whose lines there was no room yet: one record may be much larger than its line. */
  #held: Buffer[] = [];
  #hasEnded = false;
  #isWaiting = false;
  #waiters: (() => void)[] = [];

  /** `onDropped` hears how many lines were dropped, once there is room again. */
  constructor(sink: LineSink, onFull: OnFull, onDropped: (lines: number) => void) {
    this.#sink = sink;
    this.#onFull = onFull;
    this.#onDropped = onDropped;
    this.#splitter = new LineSplitter((line) => this.#line(line));
  }

  take(chunk: Buffer): void {
    const left = this.#held.length === 0 ? this.#split(chunk) : chunk;
    if (left === undefined) return;
    this.#held.push(Buffer.from(left));
    this.#waitForSink();
  }

  hasRoom(): boolean {
    return this.#held.length === 0 && (this.#onFull === "drop" || this.#sink.hasRoom());
  }

  whenRoom(callback: () => void): void {
    this.#waiters.push(callback);
    this.#waitForSink();
  }

  isIdle(): boolean {
    return this.#held.length === 0;
  }

  endRun(): void {
    this.#hasEnded = this.#held.length > 0;
    if (!this.#hasEnded) this.#splitter.flush();
  }

  #goOn(): void {
    for (let chunk = this.#held[0]; chunk !== undefined && this.#mayGoOn(); chunk = this.#held[0]) {
      const left = this.#split(chunk);
      if (left === undefined) this.#held.shift();
      else this.#held[0] = left;
    }
    if (this.#held.length > 0) {
      this.#waitForSink();
      return;
    }
    if (this.#hasEnded) this.#splitter.flush();
    this.#hasEnded = false;
  }

  /** Gives back what there was no room for. */
  #split(chunk: Buffer): Buffer | undefined {
    for (let at = 0; at < chunk.length; ) {
      if (!this.#mayGoOn()) return chunk.subarray(at);
      const end = this.#blockEnd(chunk, at);
      const block = chunk.subarray(at, end);
      const taken = this.#writeAll(block);
      const left = taken === 0 ? this.#splitter.take(block, this.#mayGoOn) : block.subarray(taken);
      at = end - (left?.length ?? 0);
    }
    return undefined;
  }

  /** Whole lines, or a part of one. */
  #blockEnd(chunk: Buffer, at: number): number {
    if (this.#sink.writeAll === undefined) return chunk.length;
    const end = this.#splitter.isMidLine ? 0 : chunk.lastIndexOf(newline, at + longestLine - 1) + 1;
    return end > at ? end : chunk.indexOf(newline, at) + 1 || chunk.length;
  }

  #writeAll(block: Buffer): number {
    const isWhole = !this.#splitter.isMidLine && block.at(-1) === newline && block.length <= longestLine;
    return isWhole && this.#sink.hasRoom() ? (this.#sink.writeAll?.(block) ?? 0) : 0;
  }

  readonly #mayGoOn = (): boolean => this.#onFull === "drop" || this.#sink.hasRoom();

  #waitForSink(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#sink.whenRoom(() => {
      this.#isWaiting = false;
      this.#goOn();
      if (this.hasRoom()) for (const waiter of this.#waiters.splice(0)) waiter();
      else this.#waitForSink();
    });
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
