import { membersOf, type SweepTarget, targetsByMarker } from "./belongs.ts";
import type { Clock, FoundHold, Holds, ProcessIdentity, SweepResult, SweptProcess, Timer } from "./ports.ts";
import type { ProcessEntry, ProcessTable } from "./process-table.ts";

/** Searches that begin within this time (ms) share their first pass. */
const shareTime = 1;
/** Between two passes, while something is still there (ms). */
const passInterval = 10;
/** When the table cannot be read (ms). */
const retryDelay = 200;
/** After this many passes what is left cannot be killed: a process in an uninterruptible wait, or not ours to kill. */
const maximumPasses = 300;
/** Background searches of many replicas are gathered for this long (ms), so that a crash loop costs one pass a second. */
const gatherTime = 1_000;

interface Search {
  readonly target: SweepTarget;
  readonly killed: Map<string, SweptProcess>;
  passes: number;
  readonly done: (result: SweepResult) => void;
}

/**
 * Kills what belongs to a target, wherever it went, until a pass over the process table finds nothing. All searches
 * that are under way share each pass: stopping a hundred replicas reads the table as often as stopping one.
 */
export class TreeSweeper {
  readonly #table: ProcessTable;
  readonly #clock: Clock;
  readonly #holds: readonly Holds[];
  #searches: Search[] = [];
  #scheduled = false;
  readonly #later: SweepTarget[] = [];
  #laterTimer: Timer | undefined;

  readonly #oldest: string | undefined;

  /**
   * @param holds where processes may be held. What is in a target's belongs to it, and a search is over when they are gone
   * @param oldest start time of the oldest process that can be marked for a target. Undefined: it may be any
   */
  constructor(table: ProcessTable, clock: Clock, holds: readonly Holds[] = [], oldest?: string) {
    this.#oldest = oldest;
    this.#table = table;
    this.#clock = clock;
    this.#holds = holds;
  }

  sweep(target: SweepTarget): Promise<SweepResult> {
    return new Promise((done) => {
      this.#searches.push({ target, killed: new Map(), passes: 0, done });
      this.#schedule(shareTime);
    });
  }

  /** Searches in the background; results are of no interest to anybody. */
  sweepLater(target: SweepTarget): void {
    this.#later.push(target);
    this.#laterTimer ??= this.#clock.after(gatherTime, () => {
      this.#laterTimer = undefined;
      for (const gathered of this.#later.splice(0)) void this.sweep(gathered);
    });
  }

  /** Drops the background searches that have not begun: everything was stopped, and so swept, in the meantime. */
  forgetLater(): void {
    this.#laterTimer?.cancel();
    this.#laterTimer = undefined;
    this.#later.length = 0;
  }

  #schedule(delay: number): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.after(delay, () => {
      this.#scheduled = false;
      this.#pass();
    });
  }

  #pass(): void {
    const snapshot = this.#table.all();
    const targets = this.#searches.map(({ target }) => target);
    const holds = this.#holdsOf(targets);
    if (snapshot === undefined || holds === undefined) {
      this.#schedule(retryDelay);
      return;
    }
    const waiting: Search[] = [];
    const found = membersOf(targets, this.#table, snapshot, targetsByPid(holds), this.#oldest);
    for (const search of this.#searches) {
      const members = found.get(search.target) ?? [];
      const own = holds.get(search.target) ?? [];
      search.passes++;
      if (members.length > 0 && search.passes < maximumPasses) {
        for (const member of members) this.#kill(member, search);
        // What was started since the snapshot, too.
        for (const hold of own) hold.kill();
        waiting.push(search);
      } else if (!removeAll(own) && search.passes < maximumPasses) {
        waiting.push(search);
      } else {
        search.done({ killed: [...search.killed.values()], survivors: members.map(identify) });
      }
    }
    this.#searches = waiting;
    if (waiting.length > 0) this.#schedule(passInterval);
  }

  /** Undefined when they cannot be read just now. */
  #holdsOf(targets: readonly SweepTarget[]): Map<SweepTarget, FoundHold[]> | undefined {
    const found = new Map<SweepTarget, FoundHold[]>();
    if (this.#holds.length === 0) return found;
    const markedFor = targetsByMarker(targets);
    for (const holds of this.#holds) {
      const list = holds.list();
      if (list === undefined) return undefined;
      for (const hold of list) {
        for (const target of markedFor(hold.marker)) found.set(target, [...(found.get(target) ?? []), hold]);
      }
    }
    return found;
  }

  #kill(member: ProcessEntry, search: Search): void {
    if (killIfSame(this.#table, member)) {
      search.killed.set(`${member.pid}:${member.startTime}`, identify(member));
    }
  }
}

/** SIGKILL, unless the number belongs to another process by now. */
export function killIfSame(table: ProcessTable, identity: ProcessIdentity): boolean {
  const present = table.entry(identity.pid);
  if (present === undefined || present.dead || present.startTime !== identity.startTime) return false;
  try {
    process.kill(identity.pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}

function targetsByPid(holds: ReadonlyMap<SweepTarget, readonly FoundHold[]>): Map<number, SweepTarget[]> {
  const byPid = new Map<number, SweepTarget[]>();
  for (const [target, own] of holds) {
    for (const pid of own.flatMap((hold) => hold.pids())) byPid.set(pid, [...(byPid.get(pid) ?? []), target]);
  }
  return byPid;
}

/** False when something lives in one of them. */
function removeAll(holds: readonly FoundHold[]): boolean {
  return holds.filter((hold) => !hold.remove()).length === 0;
}

function identify({ pid, startTime, name }: ProcessEntry): SweptProcess {
  return { pid, startTime, name };
}
