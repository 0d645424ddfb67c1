import type { ChildProcess, SpawnOptions } from "node:child_process";
import { coreFile } from "./core-file.ts";
import { missingInterpreter } from "./exec-fault.ts";
import { exitStatus } from "./exit-status.ts";
import type { GroupWatch } from "./group-watch.ts";
import { launch, mayExecute } from "./launch.ts";
import type { Launch } from "./launch-chain.ts";
import { errnoText, locate } from "./lookup.ts";
import { thisPlatform } from "./platform/this-platform.ts";
import type { Hold, RunningProcess, Spawner, SpawnListener } from "./ports.ts";
import type { ProcessTable } from "./process-table.ts";

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
  onProcess?(process: RunningProcess): void;
  /** Called when a process has ended and was reaped. */
  onGone?(pid: number): void;
  /** Makes what holds a life, if anything does. */
  hold?(life: number): Hold | undefined;
  readonly table: ProcessTable;
  readonly groups: GroupWatch;
}

/**
 * Starts real processes: each leads a session and a process group of its own (`setsid`), reads /dev/null and writes
 * to the descriptors it is given, so that no byte of its output passes through us.
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
    const { command, args, dir: cwd, environment: env, input } = request;
    const fail = (error: unknown) => {
      hold?.drop();
      // What could not be run may be what stands in front of the command.
      const { path, code } = error as NodeJS.ErrnoException;
      const what = path !== undefined && path === request.launch?.chain[0] ? path : command;
      const missing = code === "ENOENT" ? missingInterpreter(file) : undefined;
      const more = missing === undefined ? "" : ` (its interpreter ${printable(missing)} is missing)`;
      listener.onFailed(`fork/exec ${what}: ${errnoText(error)}${more}`);
    };
    const stdin = input === undefined ? "ignore" : "pipe";
    const options: SpawnOptions = {
      cwd,
      env,
      detached: true,
      stdio: [stdin, outputs.stdout, outputs.stderr],
    };
    const since = Date.now();
    let child: ChildProcess;
    try {
      child = launch({ file, command, args, launch: request.launch, options });
    } catch (error) {
      fail(error);
      return;
    }
    const { pid } = child;
    if (pid === undefined) {
      // Node tells why in an event of the next tick.
      child.once("error", fail);
      return;
    }
    hold?.take(pid);
    if (input !== undefined) {
      // The reader may end before it has read everything; its exit tells more than EPIPE.
      child.stdin?.on("error", () => {});
      child.stdin?.end(input);
    }
    let reaped = false;
    const { lastLines } = outputs;
    const running: RunningProcess = Object.assign(
      runningProcess(pid, this.#parts, () => reaped),
      {
        // Node knows whether the process was reaped, and signals no stranger.
        signal: (signal: number) => child.kill(signal),
        coreFile: (signal: number) => coreFile({ pid, signal, dir: cwd ?? process.cwd(), since }),
      },
      lastLines === undefined ? {} : { lastLines: () => lastLines() },
      hold === undefined ? {} : { usage: () => hold.usage() },
    );
    outputs.started?.(pid);
    child.once("exit", (code, signal) => {
      reaped = true;
      outputs.ended?.();
      this.#parts.onGone?.(pid);
      listener.onExited(exitStatus(code, signal));
    });
    this.#parts.onProcess?.(running);
    listener.onSpawned(running);
  }
}

/** A script with the line ends of Windows asks for `/bin/sh\r`. */
function printable(path: string): string {
  return /^[\x21-\x7e]*$/.test(path) ? path : JSON.stringify(path);
}

function runningProcess(
  pid: number,
  { table, groups }: NodeSpawnerParts,
  isReaped: () => boolean,
): Omit<RunningProcess, "signal"> {
  // A process that is gone already (a zombie until Node reaps it) still has its entry.
  const startTime = startTimeOf(pid, table, isReaped);
  const ours = () => {
    // Until the leader is reaped its number is its own; then a process that bears it is a stranger, and so is its group.
    if (!isReaped()) return true;
    const present = table.entry(pid);
    return present === undefined || present.startTime === startTime();
  };
  return {
    pid,
    get startTime() {
      return startTime();
    },
    signalGroup: (signal) => ours() && thisPlatform.signalGroup(pid, signal),
    clearGroup: () => {
      if (ours()) thisPlatform.signalGroup(pid, 9);
    },
    whenGroupGone: (onGone) => groups.whenGone(pid, onGone),
  };
}

/** Read at once where that costs nothing, else when somebody first asks: a start runs no other program. */
function startTimeOf(pid: number, table: ProcessTable, isReaped: () => boolean): () => string | undefined {
  let known = thisPlatform.cheapEntries ? table.entry(pid)?.startTime : undefined;
  return () => {
    // Once it is reaped, the number may be a stranger's.
    if (!isReaped()) known ??= table.entry(pid)?.startTime;
    return known;
  };
}
