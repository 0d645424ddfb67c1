import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProcessIdentity } from "../supervise/ports.ts";

/** What a sweep needs to know of an instance's last life. */
export interface State {
  readonly instance: string;
  /** The leaders that ran. */
  readonly processes: readonly ProcessIdentity[];
  /** The folder of its control groups, if it had any. */
  readonly cgroups?: string | undefined;
}

/** Changes of one burst are written together, after this time (ms): starting a thousand processes writes a few times. */
const gatherTime = 20;

/** Where a run keeps its state. */
export function statePath(folder: string, run: string): string {
  return join(folder, `state-${run}.json`);
}

/** The state files of all runs in an instance's folder, also one that a run was killed in the midst of writing. */
export function stateFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^state-.*\.json(\.new)?$/.test(name))
    .map((name) => join(folder, name));
}

/** Keeps on disk which processes run, so that a sweep after our death knows them. */
export class StateFile {
  readonly #instance: string;
  readonly #path: string;
  readonly #cgroups: string | undefined;
  readonly #processes = new Map<number, ProcessIdentity>();
  #timer: NodeJS.Timeout | undefined;
  readonly #onError: (error: Error) => void;

  constructor(instance: string, path: string, cgroups: string | undefined, onError: (error: Error) => void) {
    this.#instance = instance;
    this.#path = path;
    this.#cgroups = cgroups;
    this.#onError = onError;
    // The sweep after us has to know the folder before anything is in it.
    if (cgroups !== undefined) this.#write();
  }

  add(process: ProcessIdentity): void {
    this.#processes.set(process.pid, process);
    this.#touch();
  }

  remove(pid: number): void {
    if (this.#processes.delete(pid)) this.#touch();
  }

  /** After an orderly end there is nothing to sweep. */
  close(): void {
    clearTimeout(this.#timer);
    // A full disk may have left the second.
    for (const path of [this.#path, `${this.#path}.new`]) rmSync(path, { force: true });
  }

  #touch(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#write();
    }, gatherTime);
  }

  /** Written beside and renamed: a reader never sees half a file. */
  #write(): void {
    const state: State = {
      instance: this.#instance,
      processes: [...this.#processes.values()].map(({ pid, startTime }) => ({ pid, startTime })),
      cgroups: this.#cgroups,
    };
    try {
      writeFileSync(`${this.#path}.new`, JSON.stringify(state), { mode: 0o600 });
      renameSync(`${this.#path}.new`, this.#path);
    } catch (error) {
      // A full disk takes nothing from the processes: their markers still tell whose they are.
      this.#onError(error as Error);
    }
  }
}

/** The state that the last life of an instance left; undefined when it left none that can be read. */
export function readState(path: string): State | undefined {
  try {
    const state = JSON.parse(readFileSync(path, "utf8")) as State;
    return typeof state.instance === "string" && Array.isArray(state.processes) ? state : undefined;
  } catch {
    return undefined;
  }
}
