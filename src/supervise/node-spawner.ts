import { missingInterpreter } from "./exec-fault.ts";
import type { GroupWatch } from "./group-watch.ts";
import { launch, mayExecute } from "./launch.ts";
import type { Launch } from "./launch-chain.ts";
import { errnoText, locate } from "./lookup.ts";
import type { Hold, OpenOutputs, RunningProcess, Spawner, SpawnListener } from "./ports.ts";
import type { ProcessTable } from "./process-table.ts";
import { RealProcess } from "./real-process.ts";
import type { Starter } from "./starter.ts";

export interface SpawnRequest {
  readonly command: string;
  readonly args: readonly string[];
  /** Absolute; undefined: our own. */
  readonly dir: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  /** Undefined: as we ourselves. */
  readonly launch?: Launch;
  /** Opens where the output goes, anew for each start. Throws when it cannot. */
  openOutputs(): OpenOutputs;
  /** Written to the process's stdin, which is then closed; undefined: /dev/null. */
  readonly input?: string;
}

export interface NodeSpawnerParts {
  /** What to start, by the number of the life. Throws what keeps it from starting. */
  request(life: number): SpawnRequest;
  /** Called with each process right after it was started. */
  readonly onProcess?: ((process: RunningProcess) => void) | undefined;
  /** Called when a process has ended. */
  readonly onGone?: ((pid: number) => void) | undefined;
  /** Makes what holds a life, if anything does. */
  hold?(life: number): Hold | undefined;
  readonly table: ProcessTable;
  readonly groups: GroupWatch;
  readonly starter: Starter;
}

/**
 * Starts real processes, which write to the descriptors they are given: no byte of their output passes through us.
 */
export class NodeSpawner implements Spawner {
  readonly #parts: NodeSpawnerParts;

  constructor(parts: NodeSpawnerParts) {
    this.#parts = parts;
  }

  spawn(life: number, listener: SpawnListener): void {
    let request: SpawnRequest;
    try {
      request = this.#parts.request(life);
    } catch (error) {
      listener.onFailed((error as Error).message);
      return;
    }
    const { command, dir, launch: how } = request;
    const located = locate({
      command,
      dir,
      path: process.env.PATH ?? "",
      as: how?.as,
      mayExecute: (path) => how !== undefined && mayExecute(path, how),
    });
    if ("error" in located) {
      listener.onFailed(located.error);
      return;
    }
    let outputs: OpenOutputs;
    try {
      outputs = request.openOutputs();
    } catch (error) {
      listener.onFailed((error as Error).message);
      return;
    }
    try {
      this.#start(located.file, request, outputs, this.#parts.hold?.(life), listener);
    } finally {
      outputs.close();
    }
  }

  #start(
    file: string,
    request: SpawnRequest,
    outputs: OpenOutputs,
    hold: Hold | undefined,
    listener: SpawnListener,
  ): void {
    const { command, args, dir, environment: env, input, launch: how } = request;
    const { table, groups, onProcess, onGone, starter } = this.#parts;
    const { stdout, stderr } = outputs;
    const running = new RealProcess({ table, groups, outputs, hold, dir, listener, onGone }, (error) =>
      failure(error, file, request),
    );
    const stdin = input === undefined ? undefined : { text: input };
    const order = { file, command, args, launch: how, dir, env, stdin, stdout, stderr };
    const pid = launch(order, starter, running);
    if (pid === undefined) return;
    running.began(pid);
    hold?.take(pid);
    outputs.started?.(pid);
    onProcess?.(running);
    listener.onSpawned(running);
  }
}

/** In Go's words. */
function failure(error: unknown, file: string, { command, launch: how }: SpawnRequest): string {
  // What could not be run may be what stands in front of the command.
  const { path, code } = error as NodeJS.ErrnoException;
  const what = path !== undefined && path === how?.chain[0] ? path : command;
  const missing = code === "ENOENT" ? missingInterpreter(file) : undefined;
  const more = missing === undefined ? "" : ` (its interpreter ${printable(missing)} is missing)`;
  return `fork/exec ${what}: ${errnoText(error)}${more}`;
}

/** A script with the line ends of Windows asks for `/bin/sh\r`. */
function printable(path: string): string {
  return /^[\x21-\x7e]*$/.test(path) ? path : JSON.stringify(path);
}
