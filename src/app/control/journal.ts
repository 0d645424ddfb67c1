import type { App, AppEvents } from "../app.ts";
import { seconds } from "./status.ts";

/** Something that happened to a replica, or to the whole instance. */
export interface JournalEvent {
  /** Counts from 1. */
  readonly id: number;
  /** Unix time, in seconds. */
  readonly time: number;
  readonly event: string;
  /** Which process, when it is about one. */
  readonly name?: string | undefined;
  readonly replica?: number | undefined;
  readonly [field: string]: unknown;
}

/** How many events are remembered. */
const remembered = 256;

const replicaEvents = [
  "started",
  "ready",
  "exited",
  "failed",
  "crashed",
  "restarting",
  "stopped",
] as const satisfies readonly (keyof AppEvents)[];

/** As it was told: most of them nobody ever asks for. */
interface Entry {
  readonly id: number;
  /** In ms. */
  readonly time: number;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Events of the library tell these in ms, as JavaScript does; whatever people ask for is in seconds. */
const inMilliseconds: readonly string[] = ["duration", "wait"];

function journalEvent({ id, time, event, fields }: Entry): JournalEvent {
  const told = Object.entries(fields)
    .filter(([name]) => name !== "command")
    .map(([name, value]) => [
      name,
      inMilliseconds.includes(name) && typeof value === "number" ? seconds(value) : value,
    ]);
  return { id, time: time / 1000, event, ...Object.fromEntries(told) };
}

/** What has happened lately, for those who ask; and what happens, for those who listen. */
export class Journal {
  readonly #entries: Entry[] = [];
  readonly #listeners = new Set<() => void>();
  #count = 0;

  constructor(app: App) {
    for (const event of replicaEvents)
      app.on(event, (fields: object) => this.record(event, fields as Entry["fields"]));
  }

  record(event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#entries.push({ id: ++this.#count, time: Date.now(), event, fields });
    if (this.#entries.length > remembered) this.#entries.shift();
    for (const listener of this.#listeners) listener();
  }

  /** The last ones, oldest first. */
  recent(count: number): readonly JournalEvent[] {
    return count === 0 ? [] : this.#entries.slice(-count).map(journalEvent);
  }

  /** The number of the last one. */
  get last(): number {
    return this.#count;
  }

  /** The first one that is remembered of this number or a later one. */
  from(id: number): JournalEvent | undefined {
    const first = this.#entries[0]?.id ?? 0;
    const entry = this.#entries[Math.max(0, id - first)];
    return entry && journalEvent(entry);
  }

  /** Calls back after each event from now on. Returns the function that ends it. */
  follow(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
