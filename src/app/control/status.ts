import { signalByNumber } from "../../go/signals.ts";
import type { RunEnd } from "../../supervise/restart.ts";
import type { State } from "../../supervise/transitions.ts";
import { type Usage, usageOf } from "../../supervise/usage.ts";
import type { Replica } from "../replica.ts";

/** How a run ended. */
export interface LastExit {
  /** Undefined when a signal ended it, or when it could not be started. */
  readonly exitCode?: number | undefined;
  /** `SIGKILL` */
  readonly signal?: string | undefined;
  /** In Go's words; undefined for a clean exit. */
  readonly error?: string | undefined;
  /** Seconds that it ran. */
  readonly uptime: number;
}

/** One replica, as `status` tells it. Times in seconds; what is not known, or does not apply, is absent. */
export interface ReplicaStatus {
  /** How people call the process: its `name`, else the last part of its command. */
  readonly name: string;
  readonly replica: number;
  /** With its templates applied. */
  readonly command: readonly string[];
  /** A state of docs/architecture.md. */
  readonly state: State;
  /** Since when it is in this state. */
  readonly inState: number;
  readonly pid?: number | undefined;
  readonly uptime?: number | undefined;
  /** Starts after runs that ended by themselves, since somebody last asked for a start. */
  readonly restarts: number;
  readonly lastExit?: LastExit | undefined;
  /** Until it is started again. */
  readonly nextTry?: number | undefined;
  /** What it waits for: back-off after a crash, spacing after a clean exit. */
  readonly waitReason?: string | undefined;
  /** CPU time that its processes have used. */
  readonly cpuTime?: number | undefined;
  /** Resident memory of its processes, in bytes. */
  readonly memory?: number | undefined;
}

export function statusOf(replicas: readonly Replica[]): ReplicaStatus[] {
  const usages = usageOf(replicas.flatMap(({ supervisor }) => supervisor.pid ?? []));
  return replicas.map((replica) => replicaStatus(replica, usages));
}

function replicaStatus({ plan, supervisor }: Replica, usages: ReadonlyMap<number, Usage>): ReplicaStatus {
  const { state, pid, restarts, lastEnd, nextTry, uptime, waiting } = supervisor;
  const usage = pid === undefined ? undefined : usages.get(pid);
  return {
    name: plan.name,
    replica: plan.options.replica,
    command: [plan.options.command, ...plan.options.args],
    state,
    inState: seconds(supervisor.inState),
    pid,
    uptime: uptime === undefined ? undefined : seconds(uptime),
    restarts,
    lastExit: lastEnd && lastExit(lastEnd),
    nextTry: nextTry === undefined ? undefined : seconds(nextTry),
    waitReason: waiting?.reason,
    cpuTime: usage?.cpuTime,
    memory: usage?.memory,
  };
}

function lastExit({ status, error, uptime }: RunEnd): LastExit {
  return {
    exitCode: status?.code,
    signal: status?.signal === undefined ? undefined : signalName(status.signal),
    error,
    uptime: seconds(uptime),
  };
}

export function signalName(signal: number): string {
  return signalByNumber(signal)?.name ?? String(signal);
}

/** From milliseconds. */
export function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}
