/**
 * Caddy's two encodings (zap's JSON and console encoders as Caddy sets them up): a log of ours and one of Caddy's can be
 * told apart only by the logger's name.
 */

export type Level = "debug" | "info" | "warn" | "error";

export interface LogRecord {
  /** Wall clock, in ms since 1970. */
  readonly time: number;
  readonly level: Level;
  /** Empty for the core logger, which Caddy leaves unnamed. */
  readonly logger: string;
  readonly message: string;
  /** Printed in this order. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Gives a record as a line, with its end. */
export type Encoder = (record: LogRecord) => string;

/** How an encoder makes a line of parts: many records may differ in their message alone. */
export interface EncoderParts {
  /** What stands before the message, and behind it. */
  around(record: Omit<LogRecord, "message">): { readonly head: string; readonly tail: string };
  /** The message: each of its characters by itself, and those that are not ASCII as they are. */
  message(text: string): string;
  /** The tail, which has fields, with one more, whose value is given as JSON. */
  tailWith(tail: string, key: string, json: string): string;
  /** Whether the JSON of such a field stands there as it is. */
  readonly keepsJson: boolean;
}

export type PartsEncoder = Encoder & EncoderParts;

export function isInParts(encoder: Encoder): encoder is PartsEncoder {
  return "around" in encoder;
}

function inParts(parts: EncoderParts): PartsEncoder {
  const encode: Encoder = (record) => {
    const { head, tail } = parts.around(record);
    return head + parts.message(record.message) + tail;
  };
  return Object.assign(encode, parts);
}

/** `{"level":"info","ts":1795410415.919927,"logger":"supervisor","msg":"process started","pid":42}` */
export const encodeJson = inParts({
  around({ time, level, logger, fields }) {
    const before = JSON.stringify({ level, ts: time / 1000, ...(logger === "" ? {} : { logger }) });
    const members = JSON.stringify(fields).slice(1, -1);
    return {
      head: `${before.slice(0, -1)},"msg":"`,
      tail: members === "" ? '"}\n' : `",${members}}\n`,
    };
  },
  message: (text) => JSON.stringify(text).slice(1, -1),
  tailWith: (tail, key, json) => `${tail.slice(0, -"}\n".length)},"${key}":${json}}\n`,
  keepsJson: true,
});

const colours: Readonly<Record<Level, number>> = { debug: 35, info: 34, warn: 33, error: 31 };

/** `2026/11/23 05:06:55.921<TAB>INFO<TAB>supervisor<TAB>process started<TAB>{"pid": 42}` */
export function consoleEncoder(colour: boolean): PartsEncoder {
  return inParts({
    around({ time, level, logger, fields }) {
      const name = level.toUpperCase();
      const columns = [wallClock(time), colour ? `\x1b[${colours[level]}m${name}\x1b[0m` : name];
      if (logger !== "") columns.push(logger);
      const hasFields = Object.keys(fields).length > 0;
      return { head: `${columns.join("\t")}\t`, tail: hasFields ? `\t${spacedJson(fields)}\n` : "\n" };
    },
    message: (text) => text,
    tailWith: (tail, key, json) =>
      `${tail.slice(0, -"}\n".length)}, "${key}": ${spacedJson(JSON.parse(json))}}\n`,
    keepsJson: false,
  });
}

/** UTC, `YYYY/MM/DD hh:mm:ss.mmm`. */
function wallClock(time: number): string {
  return new Date(time).toISOString().replaceAll("-", "/").replace("T", " ").replace("Z", "");
}

/** JSON with a space after each colon and comma, as zap's console encoder prints fields. */
function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => `${JSON.stringify(key)}: ${spacedJson(member)}`);
    return `{${members.join(", ")}}`;
  }
  return JSON.stringify(value);
}
