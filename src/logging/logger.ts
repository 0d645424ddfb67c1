import type { Encoder, Level } from "./encoders.ts";
import { RecordFrame, type RecordWriter } from "./record-frame.ts";

const severity: Readonly<Record<Level, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

export interface LoggerSettings {
  /** Records below this level are left out. */
  readonly level: Level;
  readonly encoder: Encoder;
}

/** Whether the reader of the log keeps up; and its way in for many records at once. */
export interface Room extends Pick<RecordWriter, "writeBytes"> {
  hasRoom(): boolean;
  /** Calls back once, when there is room again. */
  whenRoom(callback: () => void): void;
}

const always: Room = { hasRoom: () => true, whenRoom: (callback) => setImmediate(callback) };

interface Shared {
  settings: LoggerSettings;
  readonly sink: (line: string) => void;
  readonly room: Room;
}

/** A log of Caddy's shape. Every named logger of one program shares its settings and its sink. */
export class Logger {
  readonly #name: string;
  readonly #shared: Shared;

  private constructor(name: string, shared: Shared) {
    this.#name = name;
    this.#shared = shared;
  }

  /** The unnamed core logger; `sink` gets whole lines. */
  static to(sink: (line: string) => void, settings: LoggerSettings, room: Room = always): Logger {
    return new Logger("", { settings, sink, room });
  }

  /** For those who can wait: the lines of processes, not our own. */
  get room(): Room {
    return this.#shared.room;
  }

  /** A logger whose name is below this one's: `supervisor`, then `supervisor.caddy`. */
  named(name: string): Logger {
    return new Logger(this.#name === "" ? name : `${this.#name}.${name}`, this.#shared);
  }

  /** Records that differ in nothing but time and message. */
  frame(level: Level, fields: Readonly<Record<string, unknown>>): RecordFrame {
    const shared = this.#shared;
    const { room, sink } = shared;
    return new RecordFrame({
      level,
      logger: this.#name,
      fields,
      encoder: () =>
        severity[level] < severity[shared.settings.level] ? undefined : shared.settings.encoder,
      writer: {
        write: sink,
        ...(room.writeBytes && { writeBytes: (records) => room.writeBytes?.(records) }),
      },
    });
  }

  /** Takes on other settings, for this logger and all that share with it. */
  configure(settings: LoggerSettings): void {
    this.#shared.settings = settings;
  }

  log(level: Level, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const { settings, sink } = this.#shared;
    if (severity[level] < severity[settings.level]) return;
    sink(settings.encoder({ time: Date.now(), level, logger: this.#name, message, fields }));
  }
}
