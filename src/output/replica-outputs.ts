import { closeSync } from "node:fs";
import { resolve } from "node:path";
import type { ReplicaPlan } from "../config/options.ts";
import type { StreamPlan } from "../config/output-plan.ts";
import { SupervisorError } from "../errors.ts";
import type { OpenOutputs } from "../supervise/ports.ts";
import type { Consumer } from "./consumer.ts";
import { FileConsumer } from "./file-consumer.ts";
import { inTime } from "./in-time.ts";
import { fileTail } from "./last-lines.ts";
import { LineConsumer, type LineSink } from "./line-consumer.ts";
import type { RecordSink } from "./line-record.ts";
import type { LogFile, TellOfFile } from "./log-file.ts";
import type { LogFiles } from "./log-files.ts";
import { cannotOpen, fileSize, inherited, openForAppend } from "./open-outputs.ts";
import { OutputPipe, type PipeWatcher } from "./output-pipe.ts";
import { recordLines } from "./record-lines.ts";

/** Where the output of processes may go besides files and descriptors. */
export interface OutputDoors {
  readonly files: LogFiles;
  readonly records: RecordSink;
  /** Shows the lines that go to our own stdout or stderr on a terminal; without one, the process writes there itself. */
  readonly terminal: Terminal;
  readonly tell: TellOfFile;
}

/** For each of our own streams that is shown line by line: where the lines of a replica go. */
export type Terminal = Partial<Readonly<Record<Stream, (replica: ReplicaPlan) => LineSink>>>;

type Stream = "stdout" | "stderr";
const streams: readonly Stream[] = ["stdout", "stderr"];

/** Where the lines of a stream (or of both, in one place) can be read. */
export type OutputSource = { readonly stream: string } & (
  | { readonly kind: "file"; readonly path: string }
  /** They pass through us: the last ones are remembered, and those to come can be watched. */
  | {
      readonly kind: "pipe";
      recent(): readonly string[];
      /** What stands behind the last line's end. */
      unfinished(): Buffer;
      /** Returns the function that ends it. */
      watch(watcher: PipeWatcher): () => void;
    }
  /** The process writes there itself. */
  | { readonly kind: "elsewhere"; readonly where: "null" | Stream }
);

/** Where streams with one target go. */
interface Opened {
  readonly descriptor: number;
  readonly tail: () => readonly string[];
}

/** Who writes into the pipes, when that is not our own user. */
type PipeOwner = { readonly uid: number; readonly gid: number } | undefined;

/** A process that crashes while its reader stalls does not make pipes without end. */
const mostLeaving = 4;
/** How long (ms) a replica that goes for good waits for its files to take what it wrote. */
const patience = 5_000;

/**
 * The outputs of one replica, through all its runs. Two streams with the same target share one pipe or descriptor, and
 * so keep their order.
 */
export class ReplicaOutputs {
  readonly #plan: ReplicaPlan;
  readonly #cwd: string;
  readonly #doors: OutputDoors;
  readonly #pipes = new Map<string, OutputPipe>();
  /** Pipes of ended runs whose last lines nobody has taken yet. */
  readonly #leaving = new Map<OutputPipe, Promise<void>>();
  readonly #owner: PipeOwner;
  readonly #files: LogFile[] = [];
  /** Who watches what passes through the pipes. */
  readonly #watchers = new Map<string, Set<PipeWatcher>>();
  #pid = 0;

  constructor(plan: ReplicaPlan, cwd: string, doors: OutputDoors, owner?: PipeOwner) {
    this.#owner = owner;
    this.#plan = plan;
    this.#cwd = cwd;
    this.#doors = doors;
  }

  /** How many pipes a replica like this needs. */
  static pipesFor(plan: ReplicaPlan, cwd: string, terminal: Terminal): number {
    const keys = streams.map((stream) => plan[stream]).filter((target) => isPiped(target, terminal));
    return new Set(keys.map((target) => targetKey(target, cwd))).size;
  }

  /**
   * Opens what a run needs.
   *
   * @throws SupervisorError `LOG_FILE` with Go's text (`open PATH: permission denied`)
   */
  open(): OpenOutputs {
    const opened = new Map<string, Opened>();
    const descriptorOf = (stream: Stream): number | "ignore" => {
      const target = this.#plan[stream];
      if (!isPiped(target, this.#doors.terminal) && target.type !== "file") return inherited(target);
      const key = targetKey(target, this.#cwd);
      const present = opened.get(key) ?? this.#openTarget(key, target, stream);
      opened.set(key, present);
      return present.descriptor;
    };
    try {
      const [stdout, stderr] = streams.map(descriptorOf) as [number | "ignore", number | "ignore"];
      return new RunOutputs(stdout, stderr, [...opened.values()], this);
    } catch (error) {
      closeAll([...opened.values()]);
      throw error;
    }
  }

  /** A run has begun. */
  began(pid: number): void {
    this.#pid = pid;
  }

  /** A run has ended. */
  endRun(): void {
    for (const pipe of this.#pipes.values()) pipe.endRun();
  }

  /** Where its lines can be read. */
  sources(): OutputSource[] {
    const keys = new Set(streams.map((stream) => targetKey(this.#plan[stream], this.#cwd)));
    return [...keys].map((key) => this.#source(key));
  }

  /** The replica is gone for good. */
  async close(): Promise<void> {
    const closed = [...this.#pipes.values()].map((pipe) => pipe.close(patience));
    await Promise.all([...closed, inTime(Promise.all(this.#leaving.values()), patience)]);
    for (const pipe of this.#leaving.keys()) pipe.abandon();
    this.#pipes.clear();
    await Promise.all(this.#files.splice(0).map((file) => this.#doors.files.release(file, patience)));
  }

  #source(key: string): OutputSource {
    const sharing = this.#sharing(key);
    const stream = sharing.join(",");
    const target = this.#plan[sharing[0]!];
    if (target.type === "file" || target.type === "managed")
      return { stream, kind: "file", path: resolve(this.#cwd, target.path) };
    if (isPiped(target, this.#doors.terminal)) {
      return {
        stream,
        kind: "pipe",
        recent: () => this.#pipes.get(key)?.lastLines() ?? [],
        unfinished: () => this.#pipes.get(key)?.unfinished() ?? Buffer.alloc(0),
        watch: (watcher) => this.#watch(key, watcher),
      };
    }
    return { stream, kind: "elsewhere", where: target.type as "null" | Stream };
  }

  #watch(key: string, watcher: PipeWatcher): () => void {
    const watchers = this.#watchers.get(key) ?? new Set();
    this.#watchers.set(key, watchers.add(watcher));
    return () => watchers.delete(watcher);
  }

  /** The streams that go to one place. */
  #sharing(key: string): Stream[] {
    return streams.filter((stream) => targetKey(this.#plan[stream], this.#cwd) === key);
  }

  #openTarget(key: string, target: StreamPlan, stream: Stream): Opened {
    if (target.type === "file") {
      const path = resolve(this.#cwd, target.path);
      const from = fileSize(path);
      return { descriptor: openForAppend(path, stream), tail: () => fileTail(path, from) };
    }
    try {
      const pipe = this.#pipeFor(key, target, stream);
      pipe.beginRun();
      return { descriptor: pipe.openWriter(), tail: () => pipe.lastLines() };
    } catch (error) {
      if (error instanceof SupervisorError) throw error;
      throw cannotOpen(target.type === "managed" ? resolve(this.#cwd, target.path) : "pipe", stream, error);
    }
  }

  /** The lines of two runs are kept apart: while there is no room for the last ones of one run, the next has a pipe of its own. */
  #pipeFor(key: string, target: StreamPlan, stream: Stream): OutputPipe {
    const former = this.#pipes.get(key);
    if (former !== undefined && (former.isDone() || this.#leaving.size >= mostLeaving)) return former;
    const watchers = () => this.#watchers.get(key) ?? [];
    const pipe = new OutputPipe(this.#consumer(target, stream), this.#owner, {
      take: (chunk) => {
        for (const watcher of watchers()) watcher.take(chunk);
      },
      endRun: () => {
        for (const watcher of watchers()) watcher.endRun();
      },
    });
    this.#pipes.set(key, pipe);
    if (former !== undefined) {
      const left = former.close(Number.POSITIVE_INFINITY);
      this.#leaving.set(former, left);
      void left.then(() => this.#leaving.delete(former));
    }
    return pipe;
  }

  #consumer(target: StreamPlan, stream: Stream): Consumer {
    const doors = this.#doors;
    const plan = this.#plan;
    if (target.type === "managed") {
      const file = doors.files.acquire({ ...target, path: resolve(this.#cwd, target.path) });
      this.#files.push(file);
      return new FileConsumer(file, target.onFull);
    }
    const { sink, onFull } =
      target.type === "log"
        ? { sink: this.#recordSink(target), onFull: target.onFull }
        : { sink: doors.terminal[target.type as Stream]!(plan), onFull: "block" as const };
    return new LineConsumer(sink, onFull, (lines) => {
      const { name: process, commandAsWritten: command, options } = plan;
      doors.tell("log lines were dropped", { process, command, replica: options.replica, stream, lines });
    });
  }

  #recordSink(target: Extract<StreamPlan, { type: "log" }>): LineSink {
    const { records } = this.#doors;
    const { name: process, commandAsWritten: command, options } = this.#plan;
    const stream = this.#sharing(targetKey(target, this.#cwd)).join(",");
    const { format, level } = target;
    return recordLines(records, format, () => ({
      level,
      process,
      command,
      replica: options.replica,
      pid: this.#pid,
      stream,
    }));
  }
}

/** What one run writes to. */
class RunOutputs implements OpenOutputs {
  readonly stdout: number | "ignore";
  readonly stderr: number | "ignore";
  readonly #opened: readonly Opened[];
  readonly #replica: ReplicaOutputs;

  constructor(
    stdout: number | "ignore",
    stderr: number | "ignore",
    opened: readonly Opened[],
    replica: ReplicaOutputs,
  ) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.#opened = opened;
    this.#replica = replica;
  }

  close(): void {
    closeAll(this.#opened);
  }

  started(pid: number): void {
    this.#replica.began(pid);
  }

  ended(): void {
    this.#replica.endRun();
  }

  lastLines(): readonly string[] {
    return this.#opened.flatMap(({ tail }) => tail());
  }
}

function closeAll(opened: readonly Opened[]): void {
  for (const { descriptor } of opened) closeSync(descriptor);
}

function isPiped({ type }: StreamPlan, terminal: Terminal): boolean {
  if (type === "stdout" || type === "stderr") return terminal[type] !== undefined;
  return type === "managed" || type === "log";
}

/** Streams with the same one share a pipe or descriptor. */
function targetKey(target: StreamPlan, cwd: string): string {
  return target.type === "file" || target.type === "managed"
    ? `file ${resolve(cwd, target.path)}`
    : JSON.stringify(target);
}
