import type { Logger } from "../logging/logger.ts";
import type { LineRecords } from "../output/line-record.ts";
import { LogFiles } from "../output/log-files.ts";
import type { OutputDoors, Terminal } from "../output/replica-outputs.ts";

/** The logger of the lines of processes. */
const processLogger = "process";

const nowhere: LineRecords = { write() {}, writeLines: ({ length }, _, from) => length - from };

/** Where the output of an app's processes may go; its `log` targets go to this logger, below its own name. */
export function outputDoors(logger: Logger | undefined, terminal: Terminal = {}): OutputDoors {
  const tell: OutputDoors["tell"] = (message, fields) => logger?.log("warn", message, fields);
  const lines = logger?.named(processLogger);
  return {
    files: new LogFiles(tell),
    records: {
      of: ({ level, ...fields }) => lines?.frame(level, fields) ?? nowhere,
      hasRoom: () => logger?.room.hasRoom() ?? true,
      whenRoom: (callback) =>
        logger === undefined ? setImmediate(callback) : logger.room.whenRoom(callback),
    },
    terminal,
    tell,
  };
}
