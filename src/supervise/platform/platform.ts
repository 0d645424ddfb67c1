import type { Holds } from "../ports.ts";
import type { ProcessTable } from "../process-table.ts";

/** What differs from one operating system to the next, as far as processes are concerned. */
export interface Platform {
  readonly table: ProcessTable;
  /** Sends a signal to a process group. False when there is no such group, or it may not be signalled. */
  signalGroup(leader: number, signal: number): boolean;
  /** Whether anything is left of a group; zombies count. */
  groupExists(leader: number): boolean;
  /** What can hold processes together; absent where the system has no such thing. Loaded when it is asked for. */
  readonly holds?: HoldsDoor;
}

/** The holds that are ours to make. */
export interface OwnHolds extends Holds {
  /** Where they are: whoever sweeps after us looks there. */
  readonly folder: string;
  /**
   * Makes the place ready, before anything is started.
   *
   * @throws SupervisorError `CGROUP`
   */
  occupy(): void;
  /** At the end, when everything is gone: the place is left as it was found. */
  vacate(): void;
}

/** Hears what goes wrong in the background: a sentence, and the cause. */
type OnFault = (message: string, error: Error) => void;

export interface HoldsDoor {
  /**
   * In a folder that the user names, undefined: our own.
   *
   * @throws SupervisorError `CGROUP` when that is no place for them
   */
  open(folder: string | undefined, onFault: OnFault): Promise<OwnHolds>;
  /** What somebody else has left in a folder; makes nothing there. */
  left(folder: string): Promise<Holds>;
}

/** Runs a program of the system to its end and answers what it wrote; undefined when it failed. */
export type RunTool = (command: string, args: readonly string[]) => string | undefined;
