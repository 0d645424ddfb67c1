import type { LogFormat } from "../config/definition.ts";
import type { LineSink } from "./line-consumer.ts";
import { areTexts, type LineRecord, type RecordSink, readLine, type TextRecords } from "./line-record.ts";
import { arePlain } from "./plain-lines.ts";

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
  return {
    write(line) {
      const read = readLine(line, format);
      if (read.log === undefined) texts().write(read.message);
      else records.write({ ...about(), ...read });
    },
    writeAll: (lines) => (areTexts(lines, format) && arePlain(lines) ? texts().writePlain(lines) : 0),
    hasRoom: () => records.hasRoom(),
    whenRoom: (callback) => records.whenRoom(callback),
  };
}
