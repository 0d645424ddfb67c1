import type { Options } from "../config/options.ts";
import type { BackoffSettings } from "../config/restart-plan.ts";
import type { StopStep } from "../config/stop-plan.ts";
import type { WaitReason } from "./backoff.ts";
import type { ExitStatus } from "./exit-status.ts";
import type { Clock, ReadinessProbe, ReplicaLog, Spawner, Sweeper, SweptProcess } from "./ports.ts";
import type { Decide } from "./restart.ts";
import type { State } from "./transitions.ts";

/** Everything a supervisor needs: what it runs, its rules, and its doors to the world. */
export interface SupervisorParts {
  readonly options: Options;
  /** The command before templates: how the process is named in the log. */
  readonly commandAsWritten: readonly string[];
  readonly decide: Decide;
  readonly stopSteps: readonly StopStep[];
  readonly clock: Clock;
  readonly spawner: Spawner;
  readonly sweeper: Sweeper;
  readonly log: ReplicaLog;
  readonly probe?: ReadinessProbe;
  readonly backoff?: BackoffSettings;
}

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
  /** Another start follows in `wait` ms. */
  restarting: [next: { wait: number; reason: WaitReason }];
  /** Every change of state, after its effects. */
  state: [state: State];
  /** Down and proven gone, after a stop. */
  stopped: [report: StopReport];
}
