import type { Native } from "./native/native.ts";
import type { Clock, Timer } from "./ports.ts";
import type { ProcessTable } from "./process-table.ts";

/**
 * Node buries its own children within a turn of its event loop: a zombie that is this old (ms) is nobody's but ours. Long
 * enough that a crash loop costs one look at the process table a second.
 */
const patience = 1_000;

/**
 * Buries the orphans that we inherit, as the first process of a container or as a subreaper. Node does so only for its own children, and to bury one
 * of those would lose its exit code: so only a zombie that two looks in a row have seen is buried.
 */
export class Reaper {
  readonly #native: Native;
  readonly #table: ProcessTable;
  readonly #clock: Clock;
  /** By pid: the start time of zombies that the last look has seen. */
  #seen = new Map<number, string | undefined>();
  #timer: Timer | undefined;
  readonly #onChild = (): void => this.#schedule();

  constructor(native: Native, table: ProcessTable, clock: Clock) {
    this.#native = native;
    this.#table = table;
    this.#clock = clock;
  }

  /** Looks whenever a child of ours has ended, and at no other time. */
  start(): void {
    process.on("SIGCHLD", this.#onChild);
    this.#schedule();
  }

  stop(): void {
    process.off("SIGCHLD", this.#onChild);
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #schedule(): void {
    this.#timer ??= this.#clock.after(patience, () => {
      this.#timer = undefined;
      this.#look();
    });
  }

  #look(): void {
    const zombies = (this.#table.all() ?? []).filter(({ parent, dead }) => dead && parent === process.pid);
    const waiting = new Map<number, string | undefined>();
    for (const { pid, startTime } of zombies) {
      const seenBefore = this.#seen.has(pid) && this.#seen.get(pid) === startTime;
      if (!seenBefore || !this.#native.bury(pid)) waiting.set(pid, startTime);
    }
    this.#seen = waiting;
    if (waiting.size > 0) this.#schedule();
  }
}
