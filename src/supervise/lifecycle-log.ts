import { type CrashRecord, crashFields, seconds } from "./crash-record.ts";
import type { LogLevel, ReplicaLog, SweepResult, SweptProcess } from "./ports.ts";
import type { SupervisorParts } from "./supervisor-parts.ts";
import type { MachineEvent, State } from "./transitions.ts";

/** What the log says of the life of one replica; where the Go module says something of the kind, in its words. Times in ms. */
export class LifecycleLog {
  readonly #log: ReplicaLog;
  readonly #subject: Readonly<Record<string, unknown>>;

  constructor({ log, commandAsWritten, options }: SupervisorParts) {
    this.#log = log;
    this.#subject = { command: commandAsWritten, replica: options.replica };
  }

  started(pid: number): void {
    this.#tell("info", "process started", { pid });
  }

  failedToStart(error: string): void {
    this.#tell("error", "failed to start process", { error });
  }

  /** `error` is undefined for a clean exit. */
  exited(error: string | undefined, uptime: number): void {
    const duration = seconds(uptime);
    if (error === undefined) this.#tell("info", "process exited", { duration });
    else this.#tell("error", "process exited with error", { error, duration });
  }

  crashed(record: CrashRecord): void {
    this.#tell("error", "process crashed", crashFields(record));
  }

  backoffReset(): void {
    this.#tell("info", "resetting restart delay", { delay: 0 });
  }

  willRestart(wait: number): void {
    this.#tell("info", "process will restart", { wait_delay: seconds(wait) });
  }

  givenUp(reason: string): void {
    this.#tell("error", "restart limit exceeded, giving up", { reason });
  }

  askedToStop(signal: number): void {
    this.#tell("debug", "sending 'interrupt signal to gracefully stop the process", { signal });
  }

  stopCommandFailed(error: string): void {
    this.#tell("warn", "stop command failed", { error });
  }

  graceExceeded(gracePeriod: number): void {
    this.#tell("info", "termination grace period exceeded, killing", { grace_period: seconds(gracePeriod) });
  }

  swept({ killed, survivors }: SweepResult): void {
    if (killed.length > 0)
      this.#tell("warn", "killed processes that were left behind", { processes: killed.map(describe) });
    if (survivors.length > 0)
      this.#tell("error", "processes could not be killed", { processes: survivors.map(describe) });
  }

  outOfTurn(event: MachineEvent, state: State): void {
    this.#tell("warn", "event out of turn", { event, state });
  }

  #tell(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>): void {
    this.#log.log(level, message, Object.assign({}, this.#subject, fields));
  }
}

function describe({ pid, name }: SweptProcess): { pid: number; name: string } {
  return { pid, name };
}
