/** What becomes of the bytes of a stream. */
export interface Consumer {
  /**
   * Takes a chunk, whether there is room or not. Its memory is used again for the next one: who keeps some of it makes a
   * copy.
   */
  take(chunk: Buffer): void;
  /** Whether more may come. A consumer that drops what does not fit always has room. */
  hasRoom(): boolean;
  /** Calls back once, when there is room again. */
  whenRoom(callback: () => void): void;
  /** Whether nothing that it took waits for room. */
  isIdle(): boolean;
  /** The run is over: a line that it has not ended is a line all the same. */
  endRun(): void;
}

/** A line longer than this (bytes) is not kept together. */
export const longestLine = 64 * 1024;
