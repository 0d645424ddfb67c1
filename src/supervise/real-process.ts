import { coreFile } from "./core-file.ts";
import type { GroupWatch } from "./group-watch.ts";
import { thisPlatform } from "./platform/this-platform.ts";
import type { Hold, RunningProcess, RunUsage } from "./ports.ts";
import type { ProcessTable } from "./process-table.ts";

export interface RealProcessParts {
  readonly pid: number;
  readonly table: ProcessTable;
  readonly groups: GroupWatch;
  /** The end of what it wrote; undefined when that passes where nobody sees it. */
  readonly lastLines: (() => readonly string[]) | undefined;
  readonly hold: Hold | undefined;
  /** Working directory, absolute. */
  readonly dir: string;
}

/** A process that was started, and what it leaves. Who owns its number is asked before every signal. */
export class RealProcess implements RunningProcess {
  readonly pid: number;
  /** What the kernel has counted for it, once it has ended. */
  used: RunUsage | undefined;
  readonly lastLines?: () => readonly string[];
  readonly #parts: RealProcessParts;
  readonly #since = Date.now();
  #startTime: string | undefined;
  /** Buried: another process may bear its number. */
  #isReaped = false;

  constructor(parts: RealProcessParts) {
    this.#parts = parts;
    this.pid = parts.pid;
    if (parts.lastLines !== undefined) this.lastLines = parts.lastLines;
  }

  /** Read when somebody first asks: the start itself does not wait for it. */
  get startTime(): string | undefined {
    // A process that is gone already (a zombie until it is reaped) still has its entry.
    if (!this.#isReaped) this.#startTime ??= this.#parts.table.entry(this.pid)?.startTime;
    return this.#startTime;
  }

  signal(signal: number): boolean {
    if (this.#isReaped) return false;
    try {
      return process.kill(this.pid, signal);
    } catch {
      return false;
    }
  }

  signalGroup(signal: number): boolean {
    return this.#ownsItsNumber && thisPlatform.signalGroup(this.pid, signal);
  }

  clearGroup(): void {
    this.signalGroup(9);
  }

  whenGroupGone(onGone: () => void): () => void {
    return this.#parts.groups.whenGone(this.pid, onGone);
  }

  coreFile(signal: number): string | undefined {
    return coreFile({ pid: this.pid, signal, dir: this.#parts.dir, since: this.#since });
  }

  /** Its hold, if it has one, counts what it has started too. */
  usage(): RunUsage | undefined {
    return this.#parts.hold?.usage() ?? this.used;
  }

  reaped(): void {
    this.#isReaped = true;
  }

  /** Until the leader is reaped its number is its own; then a process that bears it is a stranger, and so is its group. */
  get #ownsItsNumber(): boolean {
    if (!this.#isReaped) return true;
    const present = this.#parts.table.entry(this.pid);
    return present === undefined || present.startTime === this.#startTime;
  }
}
