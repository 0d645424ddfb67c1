import { LogFile, type ManagedPlan, type TellOfFile } from "./log-file.ts";

/** The log files that we write, each once, however many streams go into it. */
export class LogFiles {
  readonly #tell: TellOfFile;
  readonly #open = new Map<string, { readonly file: LogFile; users: number }>();

  constructor(tell: TellOfFile) {
    this.#tell = tell;
  }

  /** The file of a plan whose path is absolute. @throws Error of the system, when it cannot be opened */
  acquire(plan: ManagedPlan): LogFile {
    const present = this.#open.get(plan.path);
    if (present !== undefined) {
      present.users++;
      // A reload may have changed how it is rolled: the latest word counts.
      present.file.adopt(plan);
      return present.file;
    }
    const file = new LogFile(plan, this.#tell);
    this.#open.set(plan.path, { file, users: 1 });
    return file;
  }

  /** Closes it when nobody else writes to it. `patience` (ms) bounds the wait for a disk that does not take it. */
  async release(file: LogFile, patience: number): Promise<void> {
    const entry = this.#open.get(file.path);
    if (entry === undefined || --entry.users > 0) return;
    this.#open.delete(file.path);
    await file.close(patience);
  }

  reopen(): void {
    for (const { file } of this.#open.values()) file.reopen();
  }
}
