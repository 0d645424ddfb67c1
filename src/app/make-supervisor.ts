import { resolve } from "node:path";
import type { Options, ReplicaPlan } from "../config/options.ts";
import { type OutputDoors, ReplicaOutputs } from "../output/replica-outputs.ts";
import { readEnvFiles } from "../supervise/env-files.ts";
import { processEnvironment } from "../supervise/environment.ts";
import { GroupWatch } from "../supervise/group-watch.ts";
import type { Launch } from "../supervise/launch-chain.ts";
import { lifeMarker, replicaMarker } from "../supervise/marker.ts";
import { nodeClock } from "../supervise/node-clock.ts";
import { NodeSpawner, type SpawnRequest } from "../supervise/node-spawner.ts";
import { nodeStarter } from "../supervise/node-starter.ts";
import { oomCounter } from "../supervise/oom-kills.ts";
import { thisPlatform } from "../supervise/platform/this-platform.ts";
import type { Clock, Hold, Holds, ProcessIdentity, ReplicaLog, Sweeper } from "../supervise/ports.ts";
import type { ProcessTable } from "../supervise/process-table.ts";
import { decideByPolicy } from "../supervise/restart.ts";
import type { Starter } from "../supervise/starter.ts";
import { spawnedStopCommand } from "../supervise/stop-command.ts";
import { Supervisor } from "../supervise/supervisor.ts";
import type { OnSupervisorEvent, StopCommand, SupervisorRules } from "../supervise/supervisor-parts.ts";
import { TreeSweeper } from "../supervise/tree-sweeper.ts";

/** What the supervisors of one instance share. */
export interface Surroundings {
  /** First part of every marker. */
  readonly instance: string;
  readonly clock: Clock;
  readonly sweeper: TreeSweeper;
  readonly table: ProcessTable;
  readonly groups: GroupWatch;
  readonly starter: Starter;
  readonly log: ReplicaLog;
  /** Where relative paths begin. */
  readonly cwd: string;
  readonly outputs: OutputDoors;
  /** Hears of each process that was started, and of its end. */
  readonly onProcess?: (process: ProcessIdentity) => void;
  readonly onGone?: (pid: number) => void;
  /** What holds the processes, if anything does. */
  readonly holds?: Holds | undefined;
  /** Whether the kernel has killed for want of memory since it was last asked. */
  readonly wasOutOfMemory: () => boolean;
}

/** A replica's supervisor, and where its output goes. */
export interface MadeReplica {
  readonly supervisor: Supervisor;
  readonly outputs: ReplicaOutputs;
  /** The rules that another plan would give it. */
  rulesOf(plan: ReplicaPlan): SupervisorRules;
}

export interface SupervisorOrder {
  readonly plan: ReplicaPlan;
  readonly launch: Launch;
  /** The environment that the process inherits. */
  readonly inherited: NodeJS.ProcessEnv;
  /** Names the replica within the instance. */
  readonly id: string;
  /** Hears of every event. */
  readonly onEvent?: OnSupervisorEvent;
}

/** The supervisor of one replica, with its doors to the real world. */
export function makeSupervisor(order: SupervisorOrder, surroundings: Surroundings): MadeReplica {
  const { plan, launch, inherited, id, onEvent } = order;
  const { options } = plan;
  const { instance, clock, sweeper, table, groups, starter, log, cwd } = surroundings;
  const outputs = new ReplicaOutputs(plan, cwd, surroundings.outputs, launch.as);
  const request = (life: number): SpawnRequest => ({
    command: options.command,
    args: options.args,
    dir: workingDirectory(options, cwd),
    environment: processEnvironment({
      own: inherited,
      keep: plan.keepEnv,
      login: launch.login,
      files: readEnvFiles(plan.envFiles, cwd),
      entries: options.env,
      marker: lifeMarker(instance, id, life),
    }),
    launch,
    openOutputs: () => outputs.open(),
  });
  const hold = holdOf(surroundings.holds, instance, id);
  const { onProcess, onGone } = surroundings;
  const spawner = new NodeSpawner({ request, table, groups, starter, hold, onProcess, onGone });
  const rulesOf = (other: ReplicaPlan) =>
    supervisorRules(other, spawnedStopCommand(other.stopCommand, { request, table, groups, starter, hold }));
  const supervisor = new Supervisor({
    options,
    commandAsWritten: plan.commandAsWritten,
    rules: rulesOf(plan),
    clock,
    spawner,
    sweeper: replicaSweeper(sweeper, instance, id),
    log,
    wasOutOfMemory: surroundings.wasOutOfMemory,
    onEvent,
  });
  return { supervisor, outputs, rulesOf };
}

/** What a plan says of restarts and stops; the part of a supervisor that a reload may replace. */
function supervisorRules(plan: ReplicaPlan, command: StopCommand | undefined): SupervisorRules {
  const { restarts, stopSteps, options } = plan;
  const { backoff, limit, successExitCodes } = restarts;
  const grace = Number(options.terminationGracePeriod) / 1e6;
  return {
    backoff,
    limit,
    successExitCodes,
    decide: decideByPolicy[options.restartPolicy],
    stopAttempts: command === undefined ? stopSteps : [{ command, wait: grace }, ...stopSteps],
  };
}

/** Undefined when the definition names none and relative paths begin where we are. */
export function workingDirectory({ dir }: Options, cwd: string): string | undefined {
  return dir === "" && cwd === process.cwd() ? undefined : resolve(cwd, dir);
}

/** The part of the shared sweeper that concerns one replica. */
export function replicaSweeper(sweeper: TreeSweeper, instance: string, id: string): Sweeper {
  return {
    sweep: (leader) =>
      sweeper.sweep({ marker: replicaMarker(instance, id), leaders: leader === undefined ? [] : [leader] }),
    sweepLater: (life, leader) =>
      sweeper.sweepLater({ marker: lifeMarker(instance, id, life), leaders: [leader] }),
  };
}

/** The part of an instance's holds that concerns one replica, life by life. */
export function holdOf(
  holds: Holds | undefined,
  instance: string,
  id: string,
): (life: number) => Hold | undefined {
  return (life) => holds?.make(lifeMarker(instance, id, life));
}

/** The doors to this machine's processes, as the supervisors of one program share them. */
export function realWorld({
  holds,
  starter = nodeStarter,
}: {
  holds?: Holds | undefined;
  starter?: Starter;
} = {}): Pick<Surroundings, "clock" | "table" | "sweeper" | "groups" | "starter" | "holds"> {
  const clock = nodeClock;
  const { table } = thisPlatform;
  // What we have started is no older than we.
  const oldest = table.entry(process.pid)?.startTime;
  const sweeper = new TreeSweeper(table, clock, holds === undefined ? [] : [holds], oldest);
  return { clock, table, sweeper, groups: new GroupWatch(table, clock), starter, holds };
}

/** Asked after a SIGKILL only; the count before the first start is what the first answer is compared with. */
export function outOfMemoryWatch(count: () => number | undefined = oomCounter()): () => boolean {
  let before = count() ?? 0;
  return () => {
    const now = count() ?? before;
    const rose = now > before;
    before = now;
    return rose;
  };
}
