import { thisPlatform } from "./platform/this-platform.ts";
import type { Clock, Timer } from "./ports.ts";
import type { ProcessTable } from "./process-table.ts";

/** Watches that begin within this time (ms) share their first look. */
const shareTime = 1;
/** The first look comes soon, since most groups end with their leader; later ones are rarer (ms). */
const firstInterval = 5;
const longestInterval = 160;

interface Watch {
  readonly group: number;
  readonly onGone: () => void;
}

/**
 * Tells when the last process of a group has gone after its leader. The system reports only our own children's ends, so
 * this is looked up, while something is being stopped and at no other time; all watches share each look.
 */
export class GroupWatch {
  readonly #table: ProcessTable;
  readonly #clock: Clock;
  readonly #watches = new Set<Watch>();
  #timer: Timer | undefined;
  #interval = firstInterval;

  constructor(table: ProcessTable, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  /** Calls back once, later, when no living process is left in the group. Returns the function that stops the watch. */
  whenGone(group: number, onGone: () => void): () => void {
    const watch = { group, onGone };
    this.#watches.add(watch);
    this.#interval = firstInterval;
    this.#timer?.cancel();
    this.#timer = this.#clock.after(shareTime, () => this.#look());
    return () => {
      this.#watches.delete(watch);
    };
  }

  #look(): void {
    this.#timer = undefined;
    const present = [...this.#watches].filter(({ group }) => thisPlatform.groupExists(group));
    // A zombie that nobody reaps keeps its group in existence: only the table tells.
    const table = present.length === 0 ? [] : this.#table.all();
    // Where the table cannot be read just now, whoever exists is taken for alive.
    const living = table && new Set(table.flatMap(({ dead, group }) => (dead ? [] : [group])));
    for (const watch of [...this.#watches]) {
      if (present.includes(watch) && (living === undefined || living.has(watch.group))) continue;
      this.#watches.delete(watch);
      watch.onGone();
    }
    if (this.#watches.size === 0 || this.#timer !== undefined) return;
    this.#timer = this.#clock.after(this.#interval, () => this.#look());
    this.#interval = Math.min(this.#interval * 2, longestInterval);
  }
}
