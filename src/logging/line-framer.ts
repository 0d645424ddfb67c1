import type { Encoder } from "./encoders.ts";
import program from "./frame-lines.wat";

/** What stands around the messages of records that differ in nothing else. */
export interface Frame {
  readonly encoder: Encoder;
  readonly head: Buffer;
  readonly tail: Buffer;
}

/** The function of frame-lines.wat, which says what its parameters are. */
type FrameFunction = (
  lines: number,
  end: number,
  records: number,
  limit: number,
  between: number,
  length: number,
  tail: number,
  escapes: number,
  apart: number,
) => number;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly taken: { readonly value: number };
  readonly frame: FrameFunction;
}

/** TypeScript's own types know it as a part of the browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

const KiB = 1024;
/** Behind each part: a step goes up to sixteen bytes too far. */
const slack = 64;
const escapes = 0;
const escapesLength = 8 * 128;
const between = escapes + escapesLength;
const longestBetween = 32 * KiB;
const lines = between + longestBetween + slack;
const mostLines = 64 * KiB;
/** The rest: no record is larger, since a byte becomes six at most. */
const records = lines + mostLines + slack;
/** No byte. */
const none = -1;

/** Makes records of lines, many at once: in WebAssembly, inside whose memory all of it happens. */
export class LineFramer {
  readonly #exports: Exports;
  readonly #memory: Buffer;
  #frame: Frame | undefined;
  #encoder: Encoder | undefined;

  /** @throws Error where Node has no WebAssembly (`--jitless`), or the processor cannot look at 16 bytes at once */
  constructor() {
    this.#exports = new WebAssembly.Instance(new WebAssembly.Module(program)).exports as Exports;
    this.#memory = Buffer.from(this.#exports.memory.buffer);
  }

  /** How many bytes the last call has taken. */
  get taken(): number {
    return this.#exports.taken.value;
  }

  /**
   * The records of these lines: valid UTF-8, at most 64 KiB, the last line with its end. Stops before a line that begins with
   * the byte `apart`, and when its memory is full: `taken` tells where. The next call overwrites what this one gives.
   * Undefined when the frame is too large for it.
   */
  records(from: Buffer, frame: Frame, apart = none): Buffer | undefined {
    const tail = frame.tail.length;
    const length = tail + frame.head.length;
    if (length > longestBetween) return undefined;
    this.#use(frame);
    this.#memory.set(from, lines);
    const end = lines + from.length;
    const limit = this.#memory.length - length - slack;
    return this.#memory.subarray(
      records,
      this.#exports.frame(lines, end, records, limit, between, length, tail, escapes, apart),
    );
  }

  #use(frame: Frame): void {
    if (frame === this.#frame) return;
    this.#frame = frame;
    this.#memory.set(frame.tail, between);
    this.#memory.set(frame.head, between + frame.tail.length);
    if (frame.encoder === this.#encoder) return;
    this.#encoder = frame.encoder;
    for (let byte = 0; byte < 128; byte++) {
      const encoded = Buffer.from(frame.encoder.message(String.fromCharCode(byte)));
      this.#memory.set(encoded, escapes + 8 * byte);
      this.#memory[escapes + 8 * byte + 7] = encoded.length;
    }
  }
}

/** One for all: nothing stays in it between two calls. */
let shared: { readonly framer: LineFramer | undefined } | undefined;

/** Made when somebody has lines for it; undefined where it does not work. */
export function lineFramer(): LineFramer | undefined {
  shared ??= { framer: tryFramer() };
  return shared.framer;
}

function tryFramer(): LineFramer | undefined {
  try {
    return new LineFramer();
  } catch {
    return undefined;
  }
}
