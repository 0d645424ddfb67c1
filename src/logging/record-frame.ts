import { type Encoder, encodeJson, type Level } from "./encoders.ts";

/** What stands around the messages of records that differ in nothing else. */
export interface Frame {
  readonly head: Buffer;
  readonly tail: Buffer;
  /** The tail of one record and the head of the next. */
  readonly between: Buffer;
}

/** Takes whole records; `writeFramed` may be absent. */
export interface FrameSink {
  write(record: string): void;
  /**
   * Takes lines that JSON holds as they are, each as a record in this frame, as long as there is room. Gives how many bytes
   * of the lines it took.
   */
  writeFramed?(lines: Buffer, frame: Frame): number;
}

export interface RecordFrameParts {
  readonly level: Level;
  readonly logger: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Undefined while records of this level are left out. */
  encoder(): Encoder | undefined;
  readonly sink: FrameSink;
}

const emptyMessage = '"msg":"';

/** Records that differ in time and message alone: all else is encoded once a millisecond, and not once for each. */
export class RecordFrame {
  readonly #parts: RecordFrameParts;
  #time = 0;
  #head = "";
  #tail = "";
  #bytes: Frame | undefined;

  constructor(parts: RecordFrameParts) {
    this.#parts = parts;
  }

  write(message: string): void {
    const encoder = this.#parts.encoder();
    if (encoder === undefined) return;
    const { level, logger, fields, sink } = this.#parts;
    if (encoder !== encodeJson) {
      sink.write(encoder({ time: Date.now(), level, logger, message, fields }));
      return;
    }
    this.#encode();
    sink.write(`${this.#head}${JSON.stringify(message).slice(1, -1)}${this.#tail}`);
  }

  /**
   * Takes lines that JSON holds as they are. Gives how many bytes of them are done with: none when they have to be written one
   * by one.
   */
  writePlain(lines: Buffer): number {
    const { sink } = this.#parts;
    const encoder = this.#parts.encoder();
    if (encoder === undefined) return lines.length;
    if (sink.writeFramed === undefined || encoder !== encodeJson) return 0;
    this.#encode();
    this.#bytes ??= {
      head: Buffer.from(this.#head),
      tail: Buffer.from(this.#tail),
      between: Buffer.from(this.#tail + this.#head),
    };
    return sink.writeFramed(lines, this.#bytes);
  }

  #encode(): void {
    const time = Date.now();
    if (time === this.#time) return;
    const { level, logger, fields } = this.#parts;
    const record = encodeJson({ time, level, logger, message: "", fields });
    // Nothing that anybody else may choose stands in front of it.
    const at = record.indexOf(emptyMessage) + emptyMessage.length;
    this.#time = time;
    this.#head = record.slice(0, at);
    this.#tail = record.slice(at);
    this.#bytes = undefined;
  }
}
