import { signalNumber } from "../../config/stop-signal.ts";
import { SupervisorError } from "../../errors.ts";
import type { App } from "../app.ts";
import type { Reloader, ReloadReport } from "../reloader.ts";
import type { Replica } from "../replica.ts";
import { inOrderPerKey } from "../succession.ts";
import type { Journal } from "./journal.ts";
import { type LogReader, type LogRequest, readLogs } from "./log-lines.ts";
import { bringUp, type Outcome, outcome, takeDown } from "./outcome.ts";
import { type ReplicaStatus, statusOf } from "./status.ts";
import { findTargets } from "./targets.ts";
import { type Explanation, explain } from "./why.ts";

/** The whole instance, as `status` tells it. */
export interface InstanceStatus {
  /** Ours: `v1.2.3`. */
  readonly version: string;
  readonly pid: number;
  readonly state: "starting" | "running" | "stopping";
  /** In seconds. */
  readonly uptime: number;
  /** The configuration as it was named; `-` for stdin. */
  readonly config: string;
  /** Stock Caddy beside us; absent when the configuration needs none. */
  readonly caddy?: { readonly pid?: number | undefined; readonly state: string } | undefined;
  readonly processes: readonly ReplicaStatus[];
}

/** What the daemon itself knows. */
export interface Instance {
  about(): Omit<InstanceStatus, "processes">;
  /** Throws when nothing may be started or changed any more. */
  ensureRunning(): Promise<void>;
}

export interface ControlParts {
  readonly app: App;
  readonly reloader: Reloader;
  readonly journal: Journal;
  readonly instance: Instance;
}

/**
 * What people may ask of a running instance, over whichever door. Every request that names processes takes `worker` (all of that
 * name), `worker:1` (one of them) or `*`.
 */
export class Control {
  readonly #parts: ControlParts;

  constructor(parts: ControlParts) {
    this.#parts = parts;
  }

  get journal(): Journal {
    return this.#parts.journal;
  }

  status(targets: readonly string[]): InstanceStatus {
    return { ...this.#parts.instance.about(), processes: statusOf(this.#findToTell(targets)) };
  }

  why(targets: readonly string[]): Explanation[] {
    const isStarting = this.#parts.instance.about().state === "starting";
    return this.#findToTell(targets).map((replica) => explain(replica, isStarting));
  }

  /** Starts what does not run, and ends waits. Resolves when each is ready or could not be started. */
  async up(targets: readonly string[]): Promise<Outcome[]> {
    return Promise.all((await this.#findToChange(targets)).map(bringUp));
  }

  /** Stops until somebody asks them up again. Resolves when the process trees are gone. */
  async down(targets: readonly string[]): Promise<Outcome[]> {
    return Promise.all((await this.#findToChange(targets)).map(takeDown));
  }

  /** Stops and starts, of several replicas of a definition one after the other. */
  async restart(targets: readonly string[]): Promise<Outcome[]> {
    const groups = inOrderPerKey(await this.#findToChange(targets)).map(async (group) => {
      const outcomes: Outcome[] = [];
      for (const replica of group) outcomes.push(await this.#restart(replica));
      return outcomes;
    });
    return (await Promise.all(groups)).flat();
  }

  /** Sends a signal to the processes themselves, not to their children. @throws SupervisorError `STOP_SIGNAL` */
  async signal(targets: readonly string[], signal: string): Promise<Outcome[]> {
    const number = signalNumber(signal);
    if (number === undefined) throw new SupervisorError("STOP_SIGNAL", `unknown signal '${signal}'`);
    const found = await this.#findToChange(targets);
    return found.map((replica) =>
      replica.supervisor.signal(number)
        ? outcome(replica, { result: "signalled", pid: replica.supervisor.pid })
        : outcome(replica, { result: "failed", error: "it is not running" }),
    );
  }

  /** Another number of replicas, written into the configuration that runs. */
  async scale(name: string, replicas: number): Promise<ReloadReport> {
    await this.#parts.instance.ensureRunning();
    return this.#parts.reloader.scale(name, replicas);
  }

  /** What a reload of this document (undefined: of the configuration file) would do. */
  async plan(document: unknown): Promise<ReloadReport> {
    await this.#parts.instance.ensureRunning();
    return this.#parts.reloader.plan(document);
  }

  async reload(document: unknown, force: boolean): Promise<ReloadReport> {
    await this.#parts.instance.ensureRunning();
    const { reloader } = this.#parts;
    return document === undefined ? reloader.reload(force) : reloader.change(() => document, { force });
  }

  logs(targets: readonly string[], request: LogRequest, reader: LogReader): Promise<void> {
    const { app } = this.#parts;
    const find = () => this.#find(targets);
    return readLogs({ find, onReplaced: (listener) => app.onReplaced(listener) }, request, reader);
  }

  #find(targets: readonly string[]): Replica[] {
    return findTargets(this.#parts.app.replicas, targets);
  }

  /** Where a reload has not yet ended the former replica of a slot, that one is what people see. */
  #findToTell(targets: readonly string[]): Replica[] {
    return this.#find(targets).map((replica) => this.#parts.app.handoverTo(replica)?.from ?? replica);
  }

  /**
   * Nothing is started in a slot before the former replica has left it, and what is asked meanwhile comes after the reload's own
   * start. Nothing is awaited between the answer and what is done with it.
   */
  async #findToChange(targets: readonly string[]): Promise<Replica[]> {
    const { app, instance } = this.#parts;
    for (;;) {
      await instance.ensureRunning();
      const found = this.#find(targets);
      const handovers = found.flatMap((replica) => app.handoverTo(replica) ?? []);
      if (handovers.length === 0) return found;
      await Promise.all(handovers.map(({ done }) => done));
    }
  }

  async #restart(replica: Replica): Promise<Outcome> {
    // Others of its definition came first: a reload may have come in between.
    if (!this.#parts.app.mayStart(replica))
      return outcome(replica, { result: "failed", error: "a reload has replaced it or taken it away" });
    // The wish to start follows that to stop at once: whoever asks for a stop after us has the last word.
    const [down, up] = await Promise.all([takeDown(replica), bringUp(replica)]);
    if (down.result === "failed") return down;
    const { forced, killed } = down;
    return { ...up, ...(forced ? { forced } : {}), ...(killed ? { killed } : {}) };
  }
}
