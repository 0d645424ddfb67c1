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

export type Encoder = (record: LogRecord) => string;

/** `{"level":"info","ts":1795410415.919927,"logger":"supervisor","msg":"process started","pid":42}` */
export const encodeJson: Encoder = ({ time, level, logger, message, fields }) =>
  `${JSON.stringify({ level, ts: time / 1000, ...(logger === "" ? {} : { logger }), msg: message, ...fields })}\n`;

const colours: Readonly<Record<Level, number>> = { debug: 35, info: 34, warn: 33, error: 31 };

/** `2026/11/23 05:06:55.921<TAB>INFO<TAB>supervisor<TAB>process started<TAB>{"pid": 42}` */
export function consoleEncoder(colour: boolean): Encoder {
  return ({ time, level, logger, message, fields }) => {
    const name = level.toUpperCase();
    const columns = [wallClock(time), colour ? `\x1b[${colours[level]}m${name}\x1b[0m` : name];
    if (logger !== "") columns.push(logger);
    columns.push(message);
    if (Object.keys(fields).length > 0) columns.push(spacedJson(fields));
    return `${columns.join("\t")}\n`;
  };
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
