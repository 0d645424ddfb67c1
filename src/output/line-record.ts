import type { LineLevel, LogFormat } from "../config/definition.ts";

/** A line of a process as a record of our log. */
export interface LineRecord {
  readonly level: LineLevel;
  readonly message: string;
  /** What the process wrote as JSON, under a key of its own: it cannot pass for a field of ours. */
  readonly log: object | undefined;
  readonly process: string;
  readonly command: readonly string[];
  readonly replica: number;
  readonly pid: number;
  readonly stream: string;
}

/** Where the records go. */
export interface RecordSink {
  write(record: LineRecord): void;
  hasRoom(): boolean;
  whenRoom(callback: () => void): void;
}

const openBrace = 0x7b;

/**
 * What a line says: its text, or the object that it holds. `auto` and `json` look for an object; a line that holds none
 * is text for both. The message is then the object's own `msg` or `message`, if it has one.
 */
export function readLine(line: Buffer, format: LogFormat): Pick<LineRecord, "message" | "log"> {
  const object = format === "raw" || line[0] !== openBrace ? undefined : parseObject(line);
  if (object === undefined) return { message: withoutReturn(line.toString("utf8")), log: undefined };
  const { msg, message } = object as { msg?: unknown; message?: unknown };
  const said = [msg, message].find((text) => typeof text === "string");
  return { message: (said as string | undefined) ?? "", log: object };
}

function parseObject(line: Buffer): object | undefined {
  try {
    return JSON.parse(line.toString("utf8")) as object;
  } catch {
    return undefined;
  }
}

function withoutReturn(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}
