import type { Options } from "../config/options.ts";
import type { StopStep } from "../config/stop-plan.ts";
import type { RestartRules } from "./aftermath.ts";
import type { WaitReason } from "./backoff.ts";
import type { CrashRecord } from "./crash-record.ts";
import type { ExitStatus } from "./exit-status.ts";
import type {
  Clock,
  ReadinessProbe,
  ReplicaLog,
  RunningProcess,
  Spawner,
  Sweeper,
  SweptProcess,
} from "./ports.ts";
import type { State } from "./transitions.ts";

/** Runs a command that asks a process to stop. */
export interface StopCommand {
  /**
   * Calls back once when the command has ended or could not be started; `error` tells what went wrong. The returned
   * function kills it.
   */
  run(process: RunningProcess, onEnded: (error: string | undefined) => void): () => void;
}

/** One attempt to make a process stop, and how long (ms) it may take to work: a signal to its group, or a command. */
export type StopAttempt = StopStep | { readonly command: StopCommand; readonly wait: number };

/** How a replica is kept and stopped: what a reload may replace while its process runs on. */
export interface SupervisorRules extends RestartRules {
  readonly stopAttempts: readonly StopAttempt[];
}

/** Everything a supervisor needs: what it runs, its rules, and its doors to the world. */
export interface SupervisorParts {
  readonly options: Options;
  /** The command before templates: how the process is named in the log. */
  readonly commandAsWritten: readonly string[];
  readonly rules: SupervisorRules;
  readonly clock: Clock;
  readonly spawner: Spawner;
  readonly sweeper: Sweeper;
  readonly log: ReplicaLog;
  readonly probe?: ReadinessProbe;
  /** Numbers from 0 up to 1, for the jitter of waits. Default: `Math.random`. */
  readonly random?: () => number;
  /** Whether the kernel has killed for want of memory since it was last asked. Default: not known, so no. */
  readonly wasOutOfMemory?: () => boolean;
  /** Hears of every event. */
  readonly onEvent?: OnSupervisorEvent | undefined;
}

export type OnSupervisorEvent = (
  name: keyof SupervisorEvents,
  event: SupervisorEvents[keyof SupervisorEvents][0],
) => void;

/** Why and until when a replica waits. */
export interface Waiting {
  readonly reason: WaitReason;
  /** On the supervisor's clock, in ms. */
  readonly until: number;
}

/** How a stop went. */
export interface StopReport {
  /** Whether the grace period was not enough. */
  readonly forced: boolean;
  /** What was found beyond the process group and killed. */
  readonly killed: readonly SweptProcess[];
  /** What could not be killed. */
  readonly survivors: readonly SweptProcess[];
}

export interface SupervisorEvents {
  started: [run: { pid: number; life: number }];
  ready: [run: { pid: number; life: number }];
  /** `error` is Go's text, undefined for a clean exit; `duration` in ms. */
  exited: [run: { life: number; status: ExitStatus; error: string | undefined; duration: number }];
  /** Could not be started. */
  failed: [run: { life: number; error: string }];
  /** It ended, or could not be started, though nobody asked for its end and it is no success. */
  crashed: [record: CrashRecord];
  /** Another start follows in `wait` ms. */
  restarting: [next: { wait: number; reason: WaitReason }];
  /** Every change of state, after its effects. */
  state: [state: State];
  /** Down and proven gone, after a stop. */
  stopped: [report: StopReport];
}
