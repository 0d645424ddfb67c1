import type { ProcessTable } from "../process-table.ts";

/** What differs from one operating system to the next, as far as processes are concerned. */
export interface Platform {
  readonly table: ProcessTable;
  /**
   * Whether {@link ProcessTable.entry} costs so little that each start may ask. Where it does not, a start time is read
   * when somebody first wants to know it.
   */
  readonly cheapEntries: boolean;
  /** Sends a signal to a process group. False when there is no such group, or it may not be signalled. */
  signalGroup(leader: number, signal: number): boolean;
  /** Whether anything is left of a group; zombies count. */
  groupExists(leader: number): boolean;
}

/** Runs a program of the system to its end and answers what it wrote; undefined when it failed. */
export type RunTool = (command: string, args: readonly string[]) => string | undefined;
