/**
 * What the machine needs from the world, as small interfaces: time, processes, and a log. Tests hand in a virtual
 * clock and scripted processes; {@link file://./node-clock.ts} and {@link file://./node-spawner.ts} are the real ones.
 */

import type { ExitStatus } from "./exit-status.ts";

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds on a clock that only goes forward. */
  now(): number;
  /** Calls back once, `delay` ms from now. */
  after(delay: number, callback: () => void): Timer;
}

/** Who a process is: a pid alone may be recycled, with its start time it is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Kernel clock ticks since boot (field 22 of /proc/PID/stat); undefined where the platform has none. */
  readonly startTime: string | undefined;
}

/** A running process, its leader and group. */
export interface RunningProcess extends ProcessIdentity {
  /** Sends a signal to the whole process group. False when no such group exists any more. */
  signalGroup(signal: number): boolean;
  /** Sends a signal to the leader alone. False when it has ended, or may not be signalled. */
  signal(signal: number): boolean;
  /**
   * Kills what the leader left of its group after it ended by itself. O(1). A group whose number was recycled is
   * left alone.
   */
  clearGroup(): void;
  /** Calls back once, later, when no living process is left in the group. Returns the function that stops the watch. */
  whenGroupGone(onGone: () => void): () => void;
  /** The last lines that the run wrote, once it has ended; absent when its output does not pass where we can see it. */
  lastLines?(): readonly string[];
  /** The core dump of a run that this signal has ended; undefined when it is not known whether there is one. */
  coreFile?(signal: number): string | undefined;
  /** What the run has used, once it has ended; undefined when nobody counts. */
  usage?(): RunUsage | undefined;
}

/** Descriptors for the process's stdout and stderr; `close` gives back what was opened for it. */
export interface OpenOutputs {
  readonly stdout: number | "ignore";
  readonly stderr: number | "ignore";
  close(): void;
  /** The process runs. */
  started?(pid: number): void;
  /** It has ended: whatever it wrote is to be taken before anybody hears of the end. */
  ended?(): void;
  /** The last lines that it wrote, after its end. */
  lastLines?(): readonly string[];
}

/** What the kernel has counted for a run and whatever it has started; undefined: it does not tell. */
export interface RunUsage {
  /** The most memory that was in use at one time, in bytes: by all of them in a hold, else by the largest. */
  readonly peakMemory: number | undefined;
  /** In seconds, on all processors; outside a hold without those that nobody has waited for. */
  readonly cpuTime: number | undefined;
  /** Whether the kernel has killed any of its processes for want of memory. */
  readonly outOfMemory: boolean | undefined;
}

/** Holds one life of a replica: whatever its process starts stays with it, and is counted with it. */
export interface Hold {
  /** Takes a process in, right after its start. */
  take(pid: number): void;
  usage(): RunUsage;
  /** Nothing was started. */
  drop(): void;
}

/** A hold that somebody looks for what belongs to a marker in. */
export interface FoundHold {
  /** Whose it is: the marker of a life. */
  readonly marker: string;
  pids(): number[];
  /** Kills everything in it, whatever it starts meanwhile. */
  kill(): void;
  /** Takes it away. False as long as something lives in it. */
  remove(): boolean;
}

/** The holds of all lives, by their markers (see marker.ts). */
export interface Holds {
  /** Undefined when none can be made: then the process is found by other means. */
  make(marker: string): Hold | undefined;
  /** Undefined when that cannot be read just now: no descriptor is free. */
  list(): FoundHold[] | undefined;
}

export interface SpawnListener {
  onSpawned(process: RunningProcess): void;
  /** Could not be started; `reason` is in Go's words. */
  onFailed(reason: string): void;
  onExited(status: ExitStatus): void;
}

/** Starts the process of one replica. Exactly one of `onSpawned` and `onFailed` is called, then `onExited` after the former. */
export interface Spawner {
  /** `life` counts the starts of this replica from 1. */
  spawn(life: number, listener: SpawnListener): void;
}

/** What a sweep had to kill. */
export interface SweptProcess extends ProcessIdentity {
  readonly name: string;
}

/** Finds what belongs to one replica, wherever it went, and kills it. */
export interface Sweeper {
  /**
   * Resolves when a pass finds nothing, or when what is left cannot be killed in bounded time.
   * `leader` is the last process known, undefined when none ever ran.
   */
  sweep(leader: ProcessIdentity | undefined): Promise<SweepResult>;
  /** Searches in the background for what a run that ended by itself left behind; later runs are not touched. */
  sweepLater(life: number, leader: ProcessIdentity): void;
}

export interface SweepResult {
  readonly killed: readonly SweptProcess[];
  /** Still there when the search gave up. */
  readonly survivors: readonly SweptProcess[];
}

/** Tells when a started process is ready. */
export interface ReadinessProbe {
  /** Calls `onReady` at most once; the returned function stops the probe. */
  watch(process: ProcessIdentity, onReady: () => void): () => void;
}

export type LogLevel = "debug" | "info" | "warn" | "error";

/** The supervisor's log; `fields` keep their order. */
export interface ReplicaLog {
  log(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>): void;
}
