import { followFile, lastLinesOf } from "../../output/file-follower.ts";
import { LineSplitter } from "../../output/line-splitter.ts";
import type { OutputSource } from "../../output/replica-outputs.ts";
import type { Replica } from "../replica.ts";

/** A line that a process wrote, or a word about where its lines are. */
export interface LogLine {
  readonly name: string;
  readonly replica: number;
  /** `stdout`, `stderr`, or `stdout,stderr` when both go to one place. */
  readonly stream: string;
  readonly line?: string | undefined;
  /** Instead of a line: why there is none, or how many were left out. */
  readonly note?: string | undefined;
}

const ownStream = "goes to our own";

/** Whether a note says that the lines are where the instance itself writes. */
export function isOnOwnStream({ note = "" }: LogLine): boolean {
  return note.startsWith(ownStream);
}

/** Takes what is to be sent to somebody; when there is no room, what we wait for resolves once there is. */
export interface LogReader {
  send(line: LogLine): Promise<void> | undefined;
  /** Ends the reading. */
  readonly signal: AbortSignal;
}

export interface LogRequest {
  /** How many of the last lines of each stream. */
  readonly lines: number;
  /** Whether to go on with those to come. */
  readonly follow: boolean;
}

/** Whose lines are wanted. */
export interface LogReplicas {
  /** @throws SupervisorError `NO_PROCESS` */
  find(): readonly Replica[];
  /** Calls back when a reload has put others in their place. Returns the function that ends it. */
  onReplaced(listener: () => void): () => void;
}

/**
 * Sends the last lines of some replicas, one stream after the other, then those to come as they come, also of replicas that a
 * reload puts in their place or adds.
 */
export async function readLogs(replicas: LogReplicas, request: LogRequest, reader: LogReader): Promise<void> {
  const known = new KnownSources();
  const newStreams = () =>
    replicas
      .find()
      .flatMap((replica) => known.add(replica).map((source) => new StreamReader(replica, source, reader)));
  const streams = newStreams();
  if (!request.follow) {
    for (const stream of streams) await stream.sendLast(request);
    return;
  }
  const followed: Promise<void>[] = [];
  const stop = replicas.onReplaced(() => {
    try {
      followed.push(...newStreams().map((stream) => stream.sendLast(request).then(() => stream.follow())));
    } catch {
      // None of that name is left; the next reload may bring it back.
    }
  });
  for (const stream of streams) await stream.sendLast(request);
  followed.push(...streams.map((stream) => stream.follow()));
  await aborted(reader.signal);
  stop();
  await Promise.all(followed);
}

/** What is read already: a file stays when its replica is replaced, a pipe goes with it. */
class KnownSources {
  readonly #outputs = new WeakSet<object>();
  readonly #places = new Set<string>();

  /** Those of a replica that are not known yet. */
  add({ plan, outputs }: Replica): OutputSource[] {
    if (this.#outputs.has(outputs)) return [];
    this.#outputs.add(outputs);
    return outputs.sources().filter((source) => {
      if (source.kind === "pipe") return true;
      const where = source.kind === "file" ? source.path : source.where;
      const place = `${plan.name}:${plan.options.replica} ${source.stream} ${source.kind} ${where}`;
      return !this.#places.has(place) && this.#places.add(place);
    });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

class StreamReader {
  readonly #source: OutputSource;
  readonly #reader: LogReader;
  readonly #of: Pick<LogLine, "name" | "replica" | "stream">;
  #offset = 0;
  #room: Promise<void> | undefined;
  #missed = 0;
  #stopWatching: (() => void) | undefined;

  constructor({ plan }: Replica, source: OutputSource, reader: LogReader) {
    this.#source = source;
    this.#reader = reader;
    this.#of = { name: plan.name, replica: plan.options.replica, stream: source.stream };
  }

  async sendLast({ lines, follow }: LogRequest): Promise<void> {
    const source = this.#source;
    if (source.kind === "elsewhere") {
      const where = source.where === "null" ? "is thrown away (null)" : `${ownStream} ${source.where}`;
      await this.#note(where);
      return;
    }
    if (source.kind === "pipe") {
      // Nothing is awaited between what was and what comes, so that neither overtakes the other.
      const all = source.recent();
      const whole = follow && source.unfinished().length > 0 ? all.slice(0, -1) : all;
      const recent = lines === 0 ? [] : whole.slice(-lines);
      for (const line of recent) this.#offer(line);
      if (follow) this.#watch(source);
      await this.#room;
      return;
    }
    try {
      const end = await lastLinesOf(source.path, lines);
      this.#offset = end.offset;
      // Whoever follows gets the last line when it is whole.
      const unfinished = follow || end.unfinished === undefined ? [] : [end.unfinished];
      const last = [...end.lines, ...unfinished].slice(lines === 0 ? Infinity : -lines);
      for (const line of last) await this.#send(line);
    } catch (error) {
      await this.#note(`cannot be read: ${(error as Error).message}`);
    }
  }

  async follow(): Promise<void> {
    const { signal } = this.#reader;
    if (this.#source.kind === "file") {
      await followFile(this.#source.path, this.#offset, (line) => this.#send(line), signal).catch(
        (error: Error) => this.#note(`cannot be read: ${error.message}`),
      );
    }
    await aborted(signal);
    this.#stopWatching?.();
  }

  #watch(source: Extract<OutputSource, { kind: "pipe" }>): void {
    const splitter = new LineSplitter((line) => this.#offer(line.toString("utf8")));
    splitter.take(source.unfinished());
    this.#stopWatching = source.watch({
      take: (chunk) => void splitter.take(chunk),
      endRun: () => splitter.flush(),
    });
  }

  /** Nobody who only watches may hold up the process: what a slow reader has no room for is left out, and counted. */
  #offer(line: string): void {
    if (this.#room !== undefined) {
      this.#missed++;
      return;
    }
    this.#room = this.#reader.send({ ...this.#of, line })?.then(() => {
      this.#room = undefined;
      const missed = this.#missed;
      this.#missed = 0;
      if (missed > 0) void this.#note(`${missed} lines were left out: they came faster than they were read`);
    });
  }

  async #send(line: string): Promise<void> {
    await this.#reader.send({ ...this.#of, line });
  }

  async #note(note: string): Promise<void> {
    await this.#reader.send({ ...this.#of, note });
  }
}
