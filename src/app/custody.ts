import { rmSync } from "node:fs";
import { join } from "node:path";
import { SupervisorError } from "../errors.ts";
import { errnoText } from "../supervise/lookup.ts";
import { runName } from "../supervise/marker.ts";
import type { OwnHolds } from "../supervise/platform/platform.ts";
import { thisPlatform } from "../supervise/platform/this-platform.ts";
import type { ProcessIdentity, SweepResult } from "../supervise/ports.ts";
import type { Starter } from "../supervise/starter.ts";
import { Guard } from "./guard.ts";
import { type Lock, takeLock } from "./lock.ts";
import { controlSocketOf, openRunFolder, type RunFolder } from "./run-folder.ts";
import { bestStarting, nodeStarting, type Starting } from "./starting.ts";
import { StateFile, statePath } from "./state-file.ts";
import { sweepFormerRuns } from "./sweep-instance.ts";

/** Hears what goes wrong in the background: a sentence, and the cause. */
export type OnError = (message: string, error: Error) => void;

export interface CustodySettings {
  readonly onError: OnError;
  /** What holds the processes, if anything does. */
  readonly holds?: OwnHolds | undefined;
  /** Signals reach no other. Default: it is. */
  readonly isMainThread?: boolean;
  /** Nobody runs this instance again: the guard leaves nothing of it. Default: the next start does. */
  readonly isRunOnce?: boolean;
}

const caddySocket = "caddy.sock";
const nothingSwept: SweepResult = { killed: [], survivors: [] };

/**
 * The sole right to run an instance, and the promise that nothing of it outlives us: lock, state file, guard.
 */
export class Custody {
  readonly folder: RunFolder;
  /** The name of this run: first part of every marker. */
  readonly instance: string;
  /** What a former life had left behind and the start has killed. */
  readonly swept: SweepResult;
  /** What holds the processes, if anything does. */
  readonly holds: OwnHolds | undefined;
  /** What its processes are started with. */
  readonly starter: Starter;
  readonly #lock: Lock;
  readonly #state: StateFile;
  readonly #guard: Guard;

  private constructor(
    folder: RunFolder,
    lock: Lock,
    swept: SweepResult,
    { onError, holds, isRunOnce, starting }: CustodySettings & { starting: Starting },
  ) {
    this.folder = folder;
    this.holds = holds;
    this.starter = starting.starter;
    this.swept = swept;
    this.#lock = lock;
    const run = ownRun();
    this.instance = runName(folder.instance, run);
    const stateFile = statePath(folder.path, run);
    this.#state = new StateFile(this.instance, stateFile, holds?.folder, (error) =>
      onError("cannot write the state file", error),
    );
    const sweep = [this.instance, stateFile, ...(isRunOnce ? [folder.path] : [])];
    this.#guard = new Guard(sweep, starting.tether, (error) => onError("cannot start the guard", error));
    this.#guard.start();
  }

  /**
   * Takes an instance over: lock, then the sweep of what its last life left, then the guard of this one.
   *
   * @throws SupervisorError `INSTANCE_RUNS`, `RUN_FOLDER`, `CGROUP`
   */
  static async take(open: () => RunFolder, settings: CustodySettings): Promise<Custody> {
    const { holds, isMainThread = true } = settings;
    const { folder, lock } = openAndLock(open);
    try {
      const starting = isMainThread ? await bestStarting() : nodeStarting;
      const swept = folder.existed ? await sweepFormerRuns(folder.instance, folder.path) : nothingSwept;
      // Before the guard starts, which follows us.
      holds?.occupy();
      return new Custody(folder, lock, swept, { ...settings, starting });
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Where Caddy's private admin endpoint listens. */
  get caddySocketPath(): string {
    return join(this.folder.path, caddySocket);
  }

  /** Where control commands find us. */
  get controlSocketPath(): string {
    return controlSocketOf(this.folder);
  }

  readonly onProcess = (process: ProcessIdentity): void => this.#state.add(process);
  readonly onGone = (pid: number): void => this.#state.remove(pid);

  /** After an orderly end, when no process is left. */
  async release(): Promise<void> {
    await this.#guard.close();
    this.#state.close();
    for (const socket of [this.caddySocketPath, this.controlSocketPath]) rmSync(socket, { force: true });
    this.holds?.vacate();
    this.#lock.release();
  }
}

/** What tells this process from every other: its pid and when it began. */
function ownRun(): string {
  const startTime = thisPlatform.table.entry(process.pid)?.startTime ?? Date.now();
  return `${process.pid}.${startTime}`;
}

/** The former holder may remove the folder between our opening it and our lock in it. */
function openAndLock(open: () => RunFolder, triesLeft = 10): { folder: RunFolder; lock: Lock } {
  try {
    const folder = open();
    return { folder, lock: takeLock(folder.path) };
  } catch (error) {
    if (error instanceof SupervisorError) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT" && triesLeft > 0)
      return openAndLock(open, triesLeft - 1);
    throw new SupervisorError("RUN_FOLDER", `cannot lock the run folder: ${errnoText(error)}`, {
      cause: error,
    });
  }
}

/** Custody of an instance that no configuration file names: one App of a program that uses the library. */
export async function takeLibraryCustody(onError: OnError): Promise<Custody> {
  const { isMainThread } = await import("node:worker_threads");
  const { libraryName } = await import("./library-name.ts");
  const key = `library:${libraryName()}`;
  return Custody.take(() => openRunFolder(key), { onError, isMainThread, isRunOnce: true });
}
