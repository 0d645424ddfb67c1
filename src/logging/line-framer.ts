import type { EncoderParts } from "./encoders.ts";
import program from "./frame-lines.wat";

/** What stands around the messages of records that differ in nothing else. */
export interface Frame {
  readonly encoder: EncoderParts;
  readonly head: Buffer;
  readonly tail: Buffer;
  /** The tail of a record that holds an object: what stands before the object, and behind it. Undefined: such lines are left out. */
  readonly objectTail: { readonly before: Buffer; readonly behind: Buffer } | undefined;
}

/** What frame-lines.wat gives away; it says what the parameters are. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly escapes: { readonly value: number };
  readonly free: { readonly value: number };
  readonly taken: { readonly value: number };
  use(
    between: number,
    length: number,
    tail: number,
    before: number,
    beforeLength: number,
    behind: number,
    behindLength: number,
    behindTail: number,
  ): void;
  frame(lines: number, end: number, records: number, limit: number, hasObjects: number): number;
}

/** TypeScript's own types know it as a part of the browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

const KiB = 1024;
/** Behind each part: a step goes up to sixteen bytes too far. */
const slack = 64;
const mostLines = 64 * KiB;
/** Of head and tail together. */
const longestFrame = 24 * KiB;
const nothing = Buffer.alloc(0);

/** Makes records of lines, many at once: in WebAssembly, inside whose memory all of it happens. */
export class LineFramer {
  readonly #exports: Exports;
  readonly #memory: Buffer;
  /** Places in the memory: of what stands between two records, of the lines, and of the records, which get the rest. */
  readonly #between: number;
  readonly #lines: number;
  readonly #records: number;
  #frame: Frame | undefined;
  #encoder: EncoderParts | undefined;

  /** @throws Error where Node has no WebAssembly (`--jitless`), or the processor cannot look at 16 bytes at once */
  constructor() {
    this.#exports = new WebAssembly.Instance(new WebAssembly.Module(program)).exports as Exports;
    this.#memory = Buffer.from(this.#exports.memory.buffer);
    this.#between = this.#exports.free.value;
    // Once as it is, and once with an object.
    this.#lines = this.#between + 2 * longestFrame + 3 * slack;
    this.#records = this.#lines + mostLines + slack;
  }

  /** How many bytes the last call has taken. */
  get taken(): number {
    return this.#exports.taken.value;
  }

  /**
   * The records of these lines: valid UTF-8, at most 64 KiB, the last line with its end. Stops when its memory is full, and
   * with `hasObjects` before a line that is an object which cannot be kept as it is: `taken` tells where. The next call overwrites what this one gives. Undefined when the frame is too large for it.
   *
   * @param from where to go on in the lines of the call before
   */
  records(lines: Buffer, frame: Frame, hasObjects: boolean, from = 0): Buffer | undefined {
    const length = frame.head.length + frame.tail.length;
    if (length > longestFrame) return undefined;
    this.#use(frame);
    if (from === 0) this.#memory.set(lines, this.#lines);
    const end = this.#exports.frame(
      this.#lines + from,
      this.#lines + lines.length,
      this.#records,
      this.#memory.length - length - slack,
      Number(hasObjects),
    );
    return this.#memory.subarray(this.#records, end);
  }

  #use(frame: Frame): void {
    if (frame === this.#frame) return;
    this.#frame = frame;
    const {
      encoder,
      head,
      tail,
      objectTail: { before, behind } = { before: nothing, behind: nothing },
    } = frame;
    const beforeAt = this.#between + tail.length + head.length + slack;
    const behindAt = beforeAt + before.length + slack;
    this.#memory.set(tail, this.#between);
    this.#memory.set(head, this.#between + tail.length);
    this.#memory.set(before, beforeAt);
    this.#memory.set(behind, behindAt);
    this.#memory.set(head, behindAt + behind.length);
    this.#exports.use(
      this.#between,
      tail.length + head.length,
      tail.length,
      beforeAt,
      before.length,
      behindAt,
      behind.length + head.length,
      behind.length,
    );
    if (encoder !== this.#encoder) this.#learn(encoder);
  }

  /** Asks the encoder what it makes of each byte. */
  #learn(encoder: EncoderParts): void {
    this.#encoder = encoder;
    for (let byte = 0; byte < 128; byte++) {
      const at = this.#exports.escapes.value + 8 * byte;
      const encoded = Buffer.from(encoder.message(String.fromCharCode(byte)));
      this.#memory.set(encoded, at);
      this.#memory[at + 7] = encoded.length;
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
