import type { Supervisor } from "../../supervise/supervisor.ts";
import type { Replica } from "../replica.ts";

/** What became of a replica that somebody asked something of. */
export interface Outcome {
  readonly name: string;
  readonly replica: number;
  /** What is so now: `running`, `down`, `signalled`; `failed` with an `error`. */
  readonly result: "running" | "down" | "signalled" | "failed";
  readonly pid?: number | undefined;
  readonly error?: string | undefined;
  /** Whether a stop had to end in SIGKILL. */
  readonly forced?: boolean | undefined;
  /** What a stop found beyond the process group and killed: `worker (4711)`. */
  readonly killed?: readonly string[] | undefined;
}

export function outcome({ plan }: Replica, rest: Omit<Outcome, "name" | "replica">): Outcome {
  return { name: plan.name, replica: plan.options.replica, ...rest };
}

/** Starts a replica, or ends its wait, and resolves when its process is ready or could not be started. */
export async function bringUp(replica: Replica): Promise<Outcome> {
  const { supervisor } = replica;
  const { state } = supervisor;
  if (state === "ready") return outcome(replica, { result: "running", pid: supervisor.pid });
  const settled = whenSettled(supervisor);
  if (state === "waiting") supervisor.retry();
  else supervisor.begin();
  const error = await settled;
  return error === undefined
    ? outcome(replica, { result: "running", pid: supervisor.pid })
    : outcome(replica, { result: "failed", error });
}

/** Stops a replica; resolves when its whole process tree is gone. */
export async function takeDown(replica: Replica): Promise<Outcome> {
  const { forced, killed, survivors } = await replica.supervisor.stop();
  const named = (all: typeof killed) => all.map(({ pid, name }) => `${name} (${pid})`);
  if (survivors.length > 0)
    return outcome(replica, { result: "failed", error: `cannot be killed: ${named(survivors).join(", ")}` });
  return outcome(replica, {
    result: "down",
    ...(forced ? { forced } : {}),
    ...(killed.length > 0 ? { killed: named(killed) } : {}),
  });
}

/** Resolves with undefined when it is ready, else with what kept it from becoming so. */
function whenSettled(supervisor: Supervisor): Promise<string | undefined> {
  return new Promise((resolve) => {
    const settle = (error: string | undefined) => {
      supervisor
        .off("ready", onReady)
        .off("failed", onFailed)
        .off("exited", onExited)
        .off("stopped", onStopped);
      resolve(error);
    };
    const onReady = () => settle(undefined);
    // During a stop that was under way, these are the end of the former run.
    const onFailed = ({ error }: { error: string }) => {
      if (supervisor.state === "starting") settle(error);
    };
    const onExited = ({ error }: { error: string | undefined }) => {
      if (supervisor.state === "started") settle(error ?? "it ended before it was ready");
    };
    const onStopped = () => setImmediate(() => supervisor.state === "idle" && settle("it was stopped"));
    supervisor.on("ready", onReady).on("failed", onFailed).on("exited", onExited).on("stopped", onStopped);
  });
}
