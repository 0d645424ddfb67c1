import type { EndedChild, NativeChildren } from "./native/children.ts";
import { loadNative } from "./native/native.ts";
import { nodeStarter } from "./node-starter.ts";
import type { RunUsage } from "./ports.ts";
import type { Program, Starter, StartListener } from "./starter.ts";

/** So many ends in one turn of the event loop: with hundreds at once, wishes and signals are heard in between. */
const endsPerTurn = 16;
const longestInterval = 2 ** 31 - 1;

let opened: Promise<Starter> | undefined;

/** The best starter that this machine has: the same one for all of this program. Of no use in a worker thread, which hears of no signal. */
export function openStarter(): Promise<Starter> {
  opened ??= open();
  return opened;
}

/** Node's own where koffi does not serve. */
async function open(): Promise<Starter> {
  if (process.platform !== "linux") return nodeStarter;
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
  /** Those of them that are no reason for us to go on. */
  readonly #inBackground = new Set<number>();
  #collecting: NodeJS.Immediate | undefined;
  /** Node waits for its own children only. */
  readonly #keepAlive = setInterval(() => {}, longestInterval).unref();

  constructor(children: NativeChildren, bury: (pid: number) => boolean) {
    this.#children = children;
    this.#bury = bury;
    // Once in a turn, however many signals have told: each of them would take as many ends again.
    process.on("SIGCHLD", () => {
      this.#collecting ??= setImmediate(() => this.#collect());
    });
  }

  start(program: Program, listener: StartListener): number | undefined {
    const { file, argv, dir, stdin = "ignore", stdout, stderr, ids, inBackground } = program;
    const env = entriesOf(program.env);
    const changesIds = ids.uid !== undefined || ids.gid !== undefined;
    // What holds a NUL is left to Node, too: it refuses it.
    if (typeof stdin === "object" || changesIds || argv.some(hasNul) || env.some(hasNul))
      return nodeStarter.start(program, listener);
    let pid: number;
    try {
      pid = this.#children.spawn({ file, argv, env, dir, descriptors: [stdin, stdout, stderr] });
    } catch (error) {
      // Neither a binary nor a script with an interpreter: Node hands it to a shell (execvp(3)).
      if ((error as NodeJS.ErrnoException).code === "ENOEXEC") return nodeStarter.start(program, listener);
      listener.onFailed(error);
      return undefined;
    }
    this.#running.set(pid, listener);
    if (inBackground) this.#inBackground.add(pid);
    else this.#keepAlive.ref();
    return pid;
  }

  awaits(pid: number): boolean {
    return this.#running.has(pid);
  }

  #collect(): void {
    // Before anybody is told: one of them may throw.
    this.#collecting = setImmediate(() => this.#collect());
    let left = endsPerTurn;
    for (const ended of this.#ends()) {
      this.#take(ended);
      left--;
      if (left === 0) return;
    }
    clearImmediate(this.#collecting);
    this.#collecting = undefined;
  }

  *#ends(): Generator<EndedChild> {
    let ended = this.#children.ended();
    for (; ended !== undefined && this.#running.has(ended.pid); ended = this.#children.ended()) yield ended;
    if (ended === undefined) return;
    // A zombie that Node, or the reaper, has not buried yet hides those behind it.
    for (const pid of this.#running.keys()) {
      const hidden = this.#children.ended(pid);
      if (hidden !== undefined) yield hidden;
    }
  }

  #take({ pid, status, ...used }: EndedChild): void {
    const listener = this.#running.get(pid);
    this.#running.delete(pid);
    this.#inBackground.delete(pid);
    if (this.#running.size === this.#inBackground.size) this.#keepAlive.unref();
    try {
      listener?.onEnded(status, usageOf(used));
    } finally {
      this.#bury(pid);
      listener?.onReaped();
    }
  }
}

function hasNul(text: string): boolean {
  return text.includes("\0");
}

function entriesOf(env: NodeJS.ProcessEnv): string[] {
  const entries: string[] = [];
  for (const name of Object.keys(env)) {
    const value = env[name];
    if (value !== undefined) entries.push(`${name}=${value}`);
  }
  return entries;
}

/**
 * A child counts from the memory that we had when it was started (execve(2) keeps the mark): only what is more than ours is
 * surely its own.
 */
function usageOf({ cpuTime, peakMemory }: Pick<EndedChild, "cpuTime" | "peakMemory">): RunUsage {
  const ours = process.resourceUsage().maxRSS * 1024;
  return { cpuTime, peakMemory: peakMemory > ours ? peakMemory : undefined, outOfMemory: undefined };
}
