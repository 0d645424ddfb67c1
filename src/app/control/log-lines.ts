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

/** Sends the last lines of some replicas, one stream after the other, then those to come as they come. */
export async function readLogs(
  replicas: readonly Replica[],
  request: LogRequest,
  reader: LogReader,
): Promise<void> {
  const streams = replicas.flatMap((replica) =>
    replica.outputs.sources().map((source) => new StreamReader(replica, source, reader)),
  );
  for (const stream of streams) await stream.sendLast(request);
  if (request.follow) await Promise.all(streams.map((stream) => stream.follow()));
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
      // From here on nothing is awaited between what was and what comes.
      const recent = lines === 0 ? [] : source.recent().slice(-lines);
      if (follow) this.#watch(source);
      for (const line of recent) await this.#send(line);
      return;
    }
    try {
      const end = await lastLinesOf(source.path, lines);
      this.#offset = end.offset;
      for (const line of end.lines) await this.#send(line);
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
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    this.#stopWatching?.();
  }

  #watch(source: Extract<OutputSource, { kind: "pipe" }>): void {
    const splitter = new LineSplitter((line) => this.#offer(line.toString("utf8")));
    this.#stopWatching = source.watch((chunk) => {
      splitter.take(chunk);
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
