import { isUtf8 } from "node:buffer";
import type { LogFormat } from "../config/definition.ts";
import type { LineSink } from "./line-consumer.ts";
import {
  firstOfObject,
  type LineRecord,
  type RecordSink,
  readLine,
  type TextRecords,
} from "./line-record.ts";

const newline = 0x0a;
/** So many bytes of lines (or more) are worth a pass of their own. */
const worthPass = 1024;

/**
 * Makes a record of each line. `about` tells whose line it is: asked for each, since the next run has another pid.
 */
export function recordLines(
  records: RecordSink,
  format: LogFormat,
  about: () => Omit<LineRecord, "message" | "log">,
): LineSink {
  let known: { readonly pid: number; readonly texts: TextRecords } | undefined;
  const texts = (): TextRecords => {
    const now = about();
    if (known?.pid !== now.pid) known = { pid: now.pid, texts: records.texts(now) };
    return known.texts;
  };
  const apart = firstOfObject(format);
  const write = (line: Buffer) => {
    const read = readLine(line, format);
    if (read.log === undefined) texts().write(read.message);
    else records.write({ ...about(), ...read });
  };
  const writeAll = (lines: Buffer) => {
    const isText = lines.length >= worthPass && isUtf8(lines);
    let at = 0;
    while (at < lines.length && records.hasRoom()) {
      const taken = isText && lines[at] !== apart ? texts().writeLines(lines.subarray(at), apart) : 0;
      at += taken;
      if (taken > 0) continue;
      const end = lines.indexOf(newline, at);
      write(lines.subarray(at, end));
      at = end + 1;
    }
    return at;
  };
  return {
    write,
    writeAll,
    hasRoom: () => records.hasRoom(),
    whenRoom: (callback) => records.whenRoom(callback),
  };
}
