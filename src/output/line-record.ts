import type { LineLevel, LogFormat } from "../config/definition.ts";

/** Whose line it is, and of which run. */
export interface LineOrigin {
  readonly level: LineLevel;
  readonly process: string;
  readonly command: readonly string[];
  readonly replica: number;
  readonly pid: number;
  readonly stream: string;
}

/** What a line says. */
export interface Said {
  readonly message: string;
  /** The JSON object that the line is, as it was written. It gets a key of its own: it cannot pass for a field of ours. */
  readonly object: string | undefined;
}

/** Makes records of the lines of one run and stream. */
export interface LineRecords {
  write(said: Said): void;
  /**
   * Takes whole lines, valid UTF-8, up to one that needs a closer look; with `hasObjects`, such lines as hold an object are read as
   * {@link readLine} does. Gives how many bytes of them are done with: none when the first has to be written by itself.
   *
   * @param from where to go on in the lines of the call before
   */
  writeLines(lines: Buffer, hasObjects: boolean, from: number): number;
}

/** Where the records go. */
export interface RecordSink {
  of(origin: LineOrigin): LineRecords;
  hasRoom(): boolean;
  whenRoom(callback: () => void): void;
}

const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const quote = 0x22;
const backslash = 0x5c;
/** Deeper JSON is taken for text: whoever encodes or reads it again may have no stack for it. */
const deepest = 100;

/**
 * What a line says: its text, or the object that it holds. `auto` and `json` look for an object; a line that holds none
 * is text for both. The message is then the object's own `msg` or `message`, if it has one.
 */
export function readLine(line: Buffer, format: LogFormat): Said {
  const text = line.toString("utf8");
  const object = format === "raw" || line[0] !== openBrace ? undefined : parseObject(line, text);
  if (object === undefined) return { message: withoutReturn(text), object };
  const { msg, message } = object as { msg?: unknown; message?: unknown };
  const said = [msg, message].find((each) => typeof each === "string");
  return { message: (said as string | undefined) ?? "", object: text.trimEnd() };
}

function parseObject(line: Buffer, text: string): object | undefined {
  if (isDeep(line)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** Whether brackets stand deeper in each other than that; those in strings do not count. */
function isDeep(line: Buffer): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < line.length; at++) {
    const byte = line[at]!;
    if (byte === quote) isText = !isText;
    else if (isText) at += byte === backslash ? 1 : 0;
    else if (byte === openBrace || byte === openBracket) {
      if (++depth > deepest) return true;
    } else if (byte === closeBrace || byte === closeBracket) depth--;
  }
  return false;
}

function withoutReturn(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}
