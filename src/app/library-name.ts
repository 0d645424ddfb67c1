import { threadId } from "node:worker_threads";

/** By a name that all copies of the library share: a program may load several. Each thread has its own. */
const counter = Symbol.for("caddy-supervisor.library");
const counters = globalThis as { [counter]?: number };

/**
 * A name for something that runs through the library, unlike all others in the same program: a sweep finds what belongs to
 * it by its name. Another program with this pid, later, gives the same names in the same order, and so cleans up after it.
 */
export function libraryName(): string {
  const count = (counters[counter] ?? 0) + 1;
  counters[counter] = count;
  return `${process.pid}.${threadId}.${count}`;
}
