import type { LineRecords, Said } from "../output/line-record.ts";
import { type Encoder, type EncoderParts, isInParts, type Level } from "./encoders.ts";
import { type Frame, lineFramer } from "./line-framer.ts";

/** The key of an object that a process wrote. */
const objectKey = "log";

/** Where whole records go; `writeBytes` may be absent. */
export interface RecordWriter {
  write(record: string): void;
  /** Takes many at once. Their memory is used again by the caller. */
  writeBytes?(records: Buffer): void;
}

export interface RecordFrameParts {
  readonly level: Level;
  readonly logger: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Undefined while records of this level are left out. */
  encoder(): Encoder | undefined;
  readonly writer: RecordWriter;
}

/** Records that differ in time and message alone: all else is encoded once a millisecond, and not once for each. */
export class RecordFrame implements LineRecords {
  readonly #parts: RecordFrameParts;
  #time = 0;
  #encoder: EncoderParts | undefined;
  #around = { head: "", tail: "" };
  #frame: Frame | undefined;

  constructor(parts: RecordFrameParts) {
    this.#parts = parts;
  }

  write({ message, object }: Said): void {
    const encoder = this.#parts.encoder();
    if (encoder === undefined) return;
    if (!isInParts(encoder)) {
      this.#writeWhole(encoder, message, object);
      return;
    }
    this.#encode(encoder);
    const { head, tail } = this.#around;
    const end = object === undefined ? tail : encoder.tailWith(tail, objectKey, object);
    this.#parts.writer.write(`${head}${encoder.message(message)}${end}`);
  }

  writeLines(lines: Buffer, hasObjects: boolean, from = 0): number {
    const { writer } = this.#parts;
    const encoder = this.#parts.encoder();
    if (encoder === undefined) return lines.length - from;
    if (writer.writeBytes === undefined || !isInParts(encoder)) return 0;
    this.#encode(encoder);
    this.#frame ??= frameOf(encoder, this.#around);
    const framer = lineFramer();
    const records = framer?.records(lines, this.#frame, hasObjects, from);
    if (framer === undefined || records === undefined) return 0;
    writer.writeBytes(records);
    return framer.taken;
  }

  #writeWhole(encoder: Encoder, message: string, object: string | undefined): void {
    const { level, logger, fields, writer } = this.#parts;
    const all = object === undefined ? fields : { ...fields, [objectKey]: JSON.parse(object) as object };
    writer.write(encoder({ time: Date.now(), level, logger, message, fields: all }));
  }

  #encode(encoder: EncoderParts): void {
    const time = Date.now();
    if (time === this.#time && encoder === this.#encoder) return;
    const { level, logger, fields } = this.#parts;
    this.#time = time;
    this.#encoder = encoder;
    this.#around = encoder.around({ time, level, logger, fields });
    this.#frame = undefined;
  }
}

function frameOf(
  encoder: EncoderParts,
  { head, tail }: { readonly head: string; readonly tail: string },
): Frame {
  const [before = "", behind = ""] = encoder.keepsJson
    ? encoder.tailWith(tail, objectKey, "\0").split("\0")
    : [];
  return {
    encoder,
    head: Buffer.from(head),
    tail: Buffer.from(tail),
    objectTail: encoder.keepsJson ? { before: Buffer.from(before), behind: Buffer.from(behind) } : undefined,
  };
}
