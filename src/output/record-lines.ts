import { isUtf8 } from "node:buffer";
import type { LogFormat } from "../config/definition.ts";
import type { LineSink } from "./line-consumer.ts";
import { type LineOrigin, type LineRecords, type RecordSink, readLine } from "./line-record.ts";

const newline = 0x0a;
/** So many bytes of lines (or more) are worth a pass of their own. */
const worthPass = 1024;

/**
 * Makes a record of each line. `about` tells whose line it is: asked for each, since the next run has another pid.
 */
export function recordLines(sink: RecordSink, format: LogFormat, about: () => LineOrigin): LineSink {
  let known: { readonly pid: number; readonly records: LineRecords } | undefined;
  const records = (): LineRecords => {
    const now = about();
    if (known?.pid !== now.pid) known = { pid: now.pid, records: sink.of(now) };
    return known.records;
  };
  const write = (line: Buffer) => records().write(readLine(line, format));
  const writeAll = (lines: Buffer) => {
    const isText = lines.length >= worthPass && isUtf8(lines);
    let at = 0;
    while (at < lines.length && sink.hasRoom()) {
      const taken = isText ? records().writeLines(lines, format !== "raw", at) : 0;
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
    hasRoom: () => sink.hasRoom(),
    whenRoom: (callback) => sink.whenRoom(callback),
  };
}
