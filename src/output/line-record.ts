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

/** Records of one run and stream, which differ in their text alone. */
export interface TextRecords {
  write(message: string): void;
  /**
   * Takes whole lines, valid UTF-8, up to one that begins with the byte `apart`. Gives how many bytes of them are done with;
   * none when the first has to be written by itself.
   */
  writeLines(lines: Buffer, apart: number | undefined): number;
}

/** Where the records go. */
export interface RecordSink {
  write(record: LineRecord): void;
  /** The way for lines that hold no object. */
  texts(record: Omit<LineRecord, "message" | "log">): TextRecords;
  hasRoom(): boolean;
  whenRoom(callback: () => void): void;
}

const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
/** Deeper JSON is taken for text: whoever encodes or reads it again may have no stack for it. */
const deepest = 100;

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

/** The first byte of lines that need a closer look: they may hold an object. */
export function firstOfObject(format: LogFormat): number | undefined {
  return format === "raw" ? undefined : openBrace;
}

function parseObject(line: Buffer): object | undefined {
  if (isDeep(line)) return undefined;
  try {
    return JSON.parse(line.toString("utf8")) as object;
  } catch {
    return undefined;
  }
}

/** Brackets in strings count too: a line that has that many may well be text. */
function isDeep(line: Buffer): boolean {
  let depth = 0;
  for (const byte of line) {
    if (byte === openBrace || byte === openBracket) {
      if (++depth > deepest) return true;
    } else if (byte === closeBrace || byte === closeBracket) depth--;
  }
  return false;
}

function withoutReturn(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}
