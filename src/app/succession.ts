import { planReload, type ReplicaChange, replicaName } from "../config/reload-plan.ts";
import { type Deferred, deferred } from "../supervise/deferred.ts";
import type { Provisioned } from "./provision.ts";
import type { Replica } from "./replica.ts";

type Change = ReplicaChange<Replica, Provisioned>;

/** One line of a plan, for people. */
export interface PlannedChange {
  /** `worker:0` */
  readonly replica: string;
  readonly action: Change["kind"];
  /** `env APP_ENV changed`; never a value. Empty for what is kept as it is. */
  readonly why: readonly string[];
}

/** A configuration that was checked and compared with what runs; nothing has happened yet. */
export interface PreparedReload {
  readonly changes: readonly PlannedChange[];
  /** Starts what is added. */
  begin(): Promise<void>;
  /** Makes the new configuration the one that runs: there is no way back. */
  commit(): Promise<void>;
  /** Takes away what {@link begin} has started. */
  rollBack(): Promise<void>;
}

export interface SuccessionDoors {
  /** What has changed for a process beside its definition: the environment that it inherits. */
  changesAround(was: Provisioned, will: Provisioned): readonly string[];
  make(provisioned: Provisioned): Replica;
  /** One that was made has ended for good. */
  retired(replica: Replica): void;
  /** Makes ready what many starts at once will need. */
  prepare(provisioned: readonly Provisioned[]): void;
  /** Resolves when it is its turn, with false once everything is to end. */
  mayStart(): Promise<boolean>;
  /** These are the replicas from now on; some have yet to wait for the end of those whose place they take. */
  replace(replicas: readonly Replica[], handovers: readonly Handover[]): void;
}

/** A replica has got its slot, and may not be started before the former one has ended. */
export interface Handover {
  readonly from: Replica;
  readonly to: Replica;
  /** Resolves when the former one is gone and the new one, if it is to run, was started. */
  readonly done: Promise<void>;
}

/**
 * The way from what runs to another configuration: unchanged replicas keep their process and their back-off, changed ones
 * are restarted, and only the difference in number is started or stopped.
 */
export function succession(
  running: readonly Replica[],
  wanted: readonly Provisioned[],
  doors: SuccessionDoors,
): PreparedReload {
  const changes = planReload(running, wanted, doors.changesAround);
  const added = new Map<Provisioned, Replica>();
  return {
    changes: changes.map((change) => ({
      replica: replicaName("will" in change ? change.will : change.was),
      action: change.kind,
      why: change.why,
    })),
    async begin() {
      const additions = changes.flatMap((change) => (change.kind === "start" ? [change.will] : []));
      doors.prepare(additions);
      for (const will of additions) {
        if (!(await doors.mayStart())) return;
        const replica = doors.make(will);
        added.set(will, replica);
        replica.supervisor.begin();
      }
    },
    async commit() {
      const made = changes.map((change) => succeed(change, added, doors));
      doors.replace(
        made.flatMap(({ replica }) => replica ?? []),
        made.flatMap(handoverOf),
      );
      await Promise.all(inOrderPerKey(made).map((steps) => carryOut(steps, doors)));
    },
    async rollBack() {
      await Promise.all([...added.values()].map((each) => retire(each, doors)));
    },
  };
}

/** What a change makes of a slot, and what is left to be done for it. */
interface Step {
  readonly key: string;
  /** Who goes. */
  readonly retired?: Replica;
  /** Who has the slot from now on. */
  readonly replica?: Replica | undefined;
  /** It is to be started. */
  readonly isNew?: boolean;
  /** Resolved when all that is done. */
  readonly done: Deferred<void>;
}

function handoverOf({ retired, replica, done }: Step): Handover[] {
  return retired && replica ? [{ from: retired, to: replica, done: done.promise }] : [];
}

function succeed(change: Change, added: ReadonlyMap<Provisioned, Replica>, doors: SuccessionDoors): Step {
  const done = deferred();
  if (change.kind === "stop") return { key: change.was.key, retired: change.was, done };
  if (change.kind === "start") return { key: change.will.key, replica: added.get(change.will), done };
  const { was, will, why } = change;
  if (change.kind === "restart") {
    // What somebody has stopped by hand, or is stopping, stays down.
    const isNew = was.supervisor.isWanted;
    return { key: will.key, retired: was, replica: doors.make(will), isNew, done };
  }
  was.supervisor.adopt(was.rulesOf(will.plan));
  // Under its new rules it might not have been left to rest.
  const isResting = was.supervisor.state === "exited" || was.supervisor.state === "failed";
  return { key: will.key, replica: { ...was, ...will }, isNew: why.length > 0 && isResting, done };
}

/** One after the other: of several replicas of a definition, all but one keep running. */
async function carryOut(steps: readonly Step[], doors: SuccessionDoors): Promise<void> {
  for (const { retired, replica, isNew, done } of steps) {
    if (retired !== undefined) await retire(retired, doors);
    if (isNew && (await doors.mayStart())) replica?.supervisor.begin();
    done.resolve();
  }
}

async function retire(replica: Replica, doors: SuccessionDoors): Promise<void> {
  await replica.supervisor.stop();
  await replica.outputs.close();
  doors.retired(replica);
}

/** In groups of one key each, in their order. */
export function inOrderPerKey<T extends { readonly key: string }>(items: readonly T[]): T[][] {
  const byKey = new Map<string, T[]>();
  for (const item of items) {
    const group = byKey.get(item.key);
    if (group === undefined) byKey.set(item.key, [item]);
    else group.push(item);
  }
  return [...byKey.values()];
}
