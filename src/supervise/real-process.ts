import { coreFile } from "./core-file.ts";
import type { ExitStatus } from "./exit-status.ts";
import type { GroupWatch } from "./group-watch.ts";
import { thisPlatform } from "./platform/this-platform.ts";
import type { Hold, OpenOutputs, RunningProcess, RunUsage, SpawnListener } from "./ports.ts";
import type { ProcessTable } from "./process-table.ts";
import type { StartListener } from "./starter.ts";

export interface RealProcessParts {
  readonly table: ProcessTable;
  readonly groups: GroupWatch;
  readonly outputs: OpenOutputs;
  readonly hold: Hold | undefined;
  /** Working directory, absolute; undefined: ours. */
  readonly dir: string | undefined;
  readonly listener: SpawnListener;
  /** Called when the process has ended. */
  readonly onGone: ((pid: number) => void) | undefined;
}

/** A process from its start until nobody cares any more. Who owns its number is asked before every signal. */
export class RealProcess implements RunningProcess, StartListener {
  readonly #parts: RealProcessParts;
  /** Of a start that failed; no longer than that: it holds on to all that the start took. */
  #explain: ((error: unknown) => string) | undefined;
  readonly #since = Date.now();
  #pid = 0;
  #startTime: string | undefined;
  #used: RunUsage | undefined;
  /** Buried: another process may bear its number. */
  #isReaped = false;

  /** @param explain why it could not be started */
  constructor(parts: RealProcessParts, explain: (error: unknown) => string) {
    this.#parts = parts;
    this.#explain = explain;
  }

  began(pid: number): void {
    this.#pid = pid;
    this.#explain = undefined;
  }

  get pid(): number {
    return this.#pid;
  }

  /** Read when somebody first asks: the start itself does not wait for it. */
  get startTime(): string | undefined {
    // A process that is gone already (a zombie until it is reaped) still has its entry.
    if (!this.#isReaped) this.#startTime ??= this.#parts.table.entry(this.#pid)?.startTime;
    return this.#startTime;
  }

  signal(signal: number): boolean {
    if (this.#isReaped) return false;
    try {
      return process.kill(this.#pid, signal);
    } catch {
      return false;
    }
  }

  signalGroup(signal: number): boolean {
    return this.#ownsItsNumber && thisPlatform.signalGroup(this.#pid, signal);
  }

  clearGroup(): void {
    this.signalGroup(9);
  }

  whenGroupGone(onGone: () => void): () => void {
    return this.#parts.groups.whenGone(this.#pid, onGone);
  }

  lastLines(): readonly string[] {
    return this.#parts.outputs.lastLines?.() ?? [];
  }

  coreFile(signal: number): string | undefined {
    const dir = this.#parts.dir ?? process.cwd();
    return coreFile({ pid: this.#pid, signal, dir, since: this.#since });
  }

  /** Its hold, if it has one, counts what it has started too. */
  usage(): RunUsage | undefined {
    return this.#parts.hold?.usage() ?? this.#used;
  }

  onFailed(error: unknown): void {
    this.#parts.hold?.drop();
    this.#parts.listener.onFailed(this.#explain?.(error) ?? String(error));
  }

  onEnded(status: ExitStatus, usage: RunUsage | undefined): void {
    this.#used = usage;
    this.#parts.outputs.ended?.();
    this.#parts.onGone?.(this.#pid);
    this.#parts.listener.onExited(status);
  }

  onReaped(): void {
    this.#isReaped = true;
  }

  /** Until the leader is reaped its number is its own; then a process that bears it is a stranger, and so is its group. */
  get #ownsItsNumber(): boolean {
    if (!this.#isReaped) return true;
    const present = this.#parts.table.entry(this.#pid);
    return present === undefined || present.startTime === this.#startTime;
  }
}
