import type { Clock, RunningProcess, Timer } from "./ports.ts";
import type { StopAttempt, StopCommand } from "./supervisor-parts.ts";

/** What becomes of an attempt: its time is over (or its command has ended), and another follows or none does. */
export type AttemptEnd = "stepOver" | "graceOver";

export interface StopSequenceParts {
  readonly clock: Clock;
  /** Hears of the end of each attempt. */
  readonly onEnd: (end: AttemptEnd) => void;
  /** Hears of each signal before it is sent. */
  readonly onSignal: (signal: number) => void;
  /** Hears that a command could not be run or did not end with 0. */
  readonly onCommandFault: (error: string) => void;
}

/** The attempts to stop one process, one after another: each has its time, and a command also ends its own. */
export class StopSequence {
  readonly #parts: StopSequenceParts;
  #made = 0;
  #timer: Timer | undefined;
  #endCommand: (() => void) | undefined;

  constructor(parts: StopSequenceParts) {
    this.#parts = parts;
  }

  /** Makes the next attempt; when there is none left, or no time for it, that is told at once. */
  next(process: RunningProcess | undefined, attempts: readonly StopAttempt[]): void {
    this.cancel();
    const attempt = attempts[this.#made++];
    if (attempt === undefined || attempt.wait <= 0) {
      this.#parts.onEnd("graceOver");
      return;
    }
    const end: AttemptEnd = this.#made < attempts.length ? "stepOver" : "graceOver";
    this.#timer = this.#parts.clock.after(attempt.wait, () => this.#parts.onEnd(end));
    if (process === undefined) return;
    if ("command" in attempt) this.#run(attempt.command, process, end);
    else {
      this.#parts.onSignal(attempt.signal);
      process.signalGroup(attempt.signal);
    }
  }

  /** Ends the attempt under way without a word: its time no longer counts, its command is killed. */
  cancel(): void {
    this.#timer?.cancel();
    this.#endCommand?.();
    this.#endCommand = undefined;
  }

  #run(command: StopCommand, process: RunningProcess, end: AttemptEnd): void {
    this.#endCommand = command.run(process, (error) => {
      this.#endCommand = undefined;
      if (error !== undefined) this.#parts.onCommandFault(error);
      this.#parts.onEnd(end);
    });
  }
}
