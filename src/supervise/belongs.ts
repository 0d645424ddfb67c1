import { markerVariable } from "./marker.ts";
import type { ProcessIdentity } from "./ports.ts";
import type { ProcessEntry, ProcessTable } from "./process-table.ts";

/** Whose processes are looked for. */
export interface SweepTarget {
  /**
   * What the marker begins with: `H-` all runs of an instance, `H-N:` one of them, `H-N:R:` a replica, `H-N:R:L` one of
   * its lives (see marker.ts).
   */
  readonly marker: string;
  /** Processes that led a session of ours; dead ones too. */
  readonly leaders: readonly ProcessIdentity[];
  /** Whether our own children belong to it too, unless they are marked for somebody else: orphans that we inherited. */
  readonly adopted?: boolean;
}

/** Which of some targets a marker `H-N:R:L` falls under. */
export type TargetsOf = (marker: string | undefined) => readonly SweepTarget[];

const nobody: readonly SweepTarget[] = [];

/**
 * The living processes of each target: in the session or group of a leader, marked in the environment, inherited by us, held for it,
 * or descended from one that is. One pass over the snapshot, however many targets.
 *
 * A number that the kernel gave to somebody else in the meantime is told apart by its start time: the kernel does not
 * reuse a number while a session or group still bears it, so a stranger under the leader's pid proves that nothing
 * of the old session is left.
 *
 * @param held by pid: the targets whose holds a process is in
 * @param oldest start time of the oldest process that can be marked; of older ones the environment is not read, which is
 * half of the work. Undefined: any can
 */
export function membersOf(
  targets: readonly SweepTarget[],
  table: ProcessTable,
  snapshot: readonly ProcessEntry[],
  held: ReadonlyMap<number, readonly SweepTarget[]> = new Map(),
  oldest?: string,
): Map<SweepTarget, ProcessEntry[]> {
  const byPid = new Map(snapshot.map((entry) => [entry.pid, entry]));
  const bySession = new Map<number, SweepTarget[]>();
  const markedFor = targetsByMarker(targets);
  for (const target of targets) {
    for (const leader of target.leaders) {
      const present = byPid.get(leader.pid);
      if (present === undefined || present.startTime === leader.startTime) add(bySession, leader.pid, target);
    }
  }

  const adopters = targets.filter(({ adopted }) => adopted);
  const known = new Map<number, readonly SweepTarget[]>();
  const ownersOf = (entry: ProcessEntry): readonly SweepTarget[] => {
    const before = known.get(entry.pid);
    if (before !== undefined) return before;
    // Ends the recursion should a damaged table ever hold a cycle of parents.
    known.set(entry.pid, nobody);
    const parent = entry.parent > 1 && entry.parent !== process.pid ? byPid.get(entry.parent) : undefined;
    const mayBeMarked = !(Number(entry.startTime) < Number(oldest));
    const marker = mayBeMarked ? table.environmentValue(entry.pid, markerVariable) : undefined;
    const isOrphan = entry.parent === process.pid && marker === undefined;
    const owners = new Set([
      ...(bySession.get(entry.session) ?? nobody),
      ...(bySession.get(entry.group) ?? nobody),
      ...(parent === undefined ? nobody : ownersOf(parent)),
      ...markedFor(marker),
      ...(held.get(entry.pid) ?? nobody),
      ...(isOrphan ? adopters : nobody),
    ]);
    const result = owners.size === 0 ? nobody : [...owners];
    known.set(entry.pid, result);
    return result;
  };

  const members = new Map<SweepTarget, ProcessEntry[]>(targets.map((target) => [target, []]));
  for (const entry of snapshot) {
    if (entry.pid === process.pid || entry.dead) continue;
    for (const owner of ownersOf(entry)) members.get(owner)?.push(entry);
  }
  return members;
}

function add<K>(index: Map<K, SweepTarget[]>, key: K, target: SweepTarget): void {
  const present = index.get(key);
  if (present === undefined) index.set(key, [target]);
  else present.push(target);
}

export function targetsByMarker(targets: readonly SweepTarget[]): TargetsOf {
  const byMarker = new Map<string, SweepTarget[]>();
  for (const target of targets) add(byMarker, target.marker, target);
  return (marker) => {
    if (marker === undefined) return nobody;
    const [instance = "", replica] = marker.split(":");
    const hash = instance.slice(0, instance.indexOf("-") + 1);
    const keys = [hash, `${instance}:`, `${instance}:${replica}:`, marker];
    return keys.flatMap((key) => byMarker.get(key) ?? []);
  };
}
