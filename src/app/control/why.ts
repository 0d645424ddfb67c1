import type { Supervisor } from "../../supervise/supervisor.ts";
import type { State } from "../../supervise/transitions.ts";
import type { Replica } from "../replica.ts";
import { signalName } from "./status.ts";
import { targetName } from "./targets.ts";

/** Why a replica is as it is, in sentences for people. */
export interface Explanation {
  readonly name: string;
  readonly replica: number;
  readonly state: State;
  /** Whether its process runs and nobody wants its end. */
  readonly isRunning: boolean;
  readonly sentences: readonly string[];
}

/** @param isStarting whether the instance has not asked for all of its processes yet */
export function explain(replica: Replica, isStarting: boolean): Explanation {
  const { plan, supervisor } = replica;
  const { state } = supervisor;
  const reason =
    isStarting && state === "idle"
      ? "is not running: its turn to be started has not come yet"
      : reasons[state](replica);
  return {
    name: plan.name,
    replica: plan.options.replica,
    state,
    isRunning: state === "started" || state === "ready",
    sentences: [`${targetName(replica)} ${reason}`, ...history(supervisor, state)],
  };
}

const reasons: Readonly<Record<State, (replica: Replica) => string>> = {
  idle: () => "is not running: it was stopped, and stays down until it is asked up",
  waiting: ({ supervisor }) => {
    const { waiting, nextTry = 0 } = supervisor;
    const reason =
      waiting?.reason === "spacing"
        ? "starts after a clean exit are at least 1 s apart"
        : "back-off after a crash";
    return `is waiting: it is started again in ${period(nextTry)} (${reason}); 'up' starts it now`;
  },
  starting: ({ supervisor }) => `is being started: the system was asked ${ago(supervisor)}`,
  started: ({ supervisor }) => `is running (pid ${supervisor.pid}) and not ready yet`,
  ready: ({ supervisor }) => `is running (pid ${supervisor.pid}) for ${period(supervisor.uptime ?? 0)}`,
  cancelling: () => "is being stopped: the system was asked for its process and has not answered yet",
  stopping: ({ plan, supervisor }) => {
    const signals = plan.stopSteps.map(({ signal }) => signalName(signal)).join(", then ");
    return `is still stopping: asked by ${signals} ${ago(supervisor)}, it has not ended; ${whatFollows(supervisor)}`;
  },
  killing: ({ supervisor }) =>
    `is still stopping: SIGKILL was sent ${ago(supervisor)}, and the kernel has not ended it yet (uninterruptible sleep: a disk or network file system that hangs?)`,
  draining: ({ supervisor }) =>
    `is still stopping: its process has ended, others of its group have not; ${whatFollows(supervisor)}`,
  sweeping: () =>
    "is still stopping: its process has ended, and what it left behind is searched for and killed",
  exited: ({ plan }) =>
    `is not running: it has ended, and restart_policy ${plan.options.restartPolicy} wants no other run`,
  failed: ({ plan, supervisor }) =>
    `is not running: it was given up on (${supervisor.because ?? `restart_policy ${plan.options.restartPolicy}`}); 'up' starts it again`,
};

function whatFollows(supervisor: Supervisor): string {
  const left = supervisor.gracePeriod - supervisor.inState;
  return left > 0 ? `SIGKILL follows within ${period(left)}` : "SIGKILL follows now";
}

/** What came before: only where it explains something. */
function history({ lastEnd, restarts }: Supervisor, state: State): string[] {
  if (lastEnd === undefined) return [];
  const how = lastEnd.error ?? "a clean exit (exit status 0)";
  const after = lastEnd.status === undefined ? "" : ` after ${period(lastEnd.uptime)}`;
  const what = lastEnd.status === undefined ? "its last start failed" : "its last run ended";
  const counted =
    restarts === 0 || state === "idle"
      ? ""
      : `; restarted ${restarts === 1 ? "once" : `${restarts} times`} so far`;
  return [`${what}${after}: ${how}${counted}`];
}

function ago(supervisor: Supervisor): string {
  return `${period(supervisor.inState)} ago`;
}

const units: readonly (readonly [string, number])[] = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
];

/** `3.2s`, `5m10s`, `2d4h`: the two largest units. */
export function period(milliseconds: number): string {
  const all = milliseconds / 1000;
  if (all < 60) return `${Number(all.toFixed(1))}s`;
  let left = Math.floor(all);
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(left / size);
    if (count > 0 || parts.length > 0) parts.push(`${count}${unit}`);
    left -= count * size;
  }
  parts.push(`${left}s`);
  return parts.slice(0, 2).join("");
}
