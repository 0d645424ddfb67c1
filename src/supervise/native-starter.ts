import { isMainThread } from "node:worker_threads";
import type { EndedChild, NativeChildren } from "./native/children.ts";
import { loadNative } from "./native/native.ts";
import { nodeStarter } from "./node-starter.ts";
import type { RunUsage } from "./ports.ts";
import type { Program, Starter, StartListener } from "./starter.ts";

/** So many ends in one turn of the event loop: with hundreds at once, wishes and signals are heard in between. */
const endsPerTurn = 16;
const longestInterval = 2 ** 31 - 1;

let opened: Promise<Starter> | undefined;

/** The best starter that this machine has: the same one for all of this program. */
export function openStarter(): Promise<Starter> {
  opened ??= open();
  return opened;
}

/** Node's own where koffi does not serve, and in a worker thread, which hears of no signal. */
async function open(): Promise<Starter> {
  if (process.platform !== "linux" || !isMainThread) return nodeStarter;
  const native = await loadNative();
  if (native?.children === undefined) return nodeStarter;
  return new NativeStarter(native.children, native.bury);
}

/**
 * Starts programs by posix_spawn(3), and learns of an end by asking the kernel who has ended: one call, however many run.
 * An end is told before the child is buried, so that whoever hears of it may still signal its group: the number is no stranger's.
 * What it cannot do is left to Node: give a program something to read, or become somebody else on the way.
 */
export class NativeStarter implements Starter {
  readonly #children: NativeChildren;
  readonly #bury: (pid: number) => boolean;
  readonly #running = new Map<number, StartListener>();
  #collecting: NodeJS.Immediate | undefined;
  /** Node waits for its own children only. */
  readonly #keepAlive = setInterval(() => {}, longestInterval).unref();

  constructor(children: NativeChildren, bury: (pid: number) => boolean) {
    this.#children = children;
    this.#bury = bury;
    process.on("SIGCHLD", () => this.#collect());
  }

  start(program: Program, listener: StartListener): number | undefined {
    if (!canStart(program)) return nodeStarter.start(program, listener);
    const { file, argv, env, dir, stdout, stderr } = program;
    const descriptors = ["ignore", stdout, stderr] as const;
    let pid: number;
    try {
      pid = this.#children.spawn({ file, argv, env: entriesOf(env), dir, descriptors });
    } catch (error) {
      // Neither a binary nor a script with an interpreter: Node hands it to a shell (execvp(3)).
      if ((error as NodeJS.ErrnoException).code === "ENOEXEC") return nodeStarter.start(program, listener);
      listener.onFailed(error);
      return undefined;
    }
    this.#running.set(pid, listener);
    this.#keepAlive.ref();
    return pid;
  }

  #collect(): void {
    clearImmediate(this.#collecting);
    this.#collecting = undefined;
    for (let count = 0; count < endsPerTurn; count++) {
      const ended = this.#children.ended();
      if (ended === undefined) return;
      if (!this.#running.has(ended.pid)) {
        this.#lookBehindOthers();
        return;
      }
      this.#take(ended);
    }
    this.#collecting = setImmediate(() => this.#collect());
  }

  /** A zombie that Node, or the reaper, has not buried yet hides those behind it. */
  #lookBehindOthers(): void {
    for (const pid of [...this.#running.keys()]) {
      const ended = this.#children.ended(pid);
      if (ended !== undefined) this.#take(ended);
    }
  }

  #take({ pid, status, ...used }: EndedChild): void {
    const listener = this.#running.get(pid);
    this.#running.delete(pid);
    if (this.#running.size === 0) this.#keepAlive.unref();
    try {
      listener?.onEnded(status, usageOf(used));
    } finally {
      this.#bury(pid);
      listener?.onReaped();
    }
  }
}

/** What holds a NUL is left to Node, which refuses it. */
function canStart({ ids, input, argv, env }: Program): boolean {
  const changesIds = ids.uid !== undefined || ids.gid !== undefined;
  return input === undefined && !changesIds && !argv.some(hasNul) && !Object.entries(env).flat().some(hasNul);
}

function hasNul(text: string | undefined): boolean {
  return text?.includes("\0") ?? false;
}

function entriesOf(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
}

/**
 * A child counts from the memory that we had when it was started (execve(2) keeps the mark): only what is more than ours is
 * surely its own.
 */
function usageOf({ cpuTime, peakMemory }: Pick<EndedChild, "cpuTime" | "peakMemory">): RunUsage {
  const ours = process.resourceUsage().maxRSS * 1024;
  return { cpuTime, peakMemory: peakMemory > ours ? peakMemory : undefined, outOfMemory: undefined };
}
