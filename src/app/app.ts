import { EventEmitter } from "node:events";
import { type SlowestStop, slowestStop } from "../config/slowest-stop.ts";
import type { Logger } from "../logging/logger.ts";
import { rollWarnings } from "../output/check-outputs.ts";
import { dropPreparedFifos, prepareFifos } from "../output/fifo.ts";
import { type OutputDoors, ReplicaOutputs, type Terminal } from "../output/replica-outputs.ts";
import { shellCode } from "../supervise/exit-status.ts";
import { mayExecute } from "../supervise/launch.ts";
import { locate } from "../supervise/lookup.ts";
import type { ReplicaLog } from "../supervise/ports.ts";
import type { Supervisor } from "../supervise/supervisor.ts";
import type { OnSupervisorEvent, StopReport, SupervisorEvents } from "../supervise/supervisor-parts.ts";
import { Turns } from "../supervise/turns.ts";
import { type Custody, takeLibraryCustody } from "./custody.ts";
import { inheritedChanges } from "./inherited-changes.ts";
import {
  makeSupervisor,
  outOfMemoryWatch,
  realWorld,
  type Surroundings,
  workingDirectory,
} from "./make-supervisor.ts";
import { outputDoors } from "./output-doors.ts";
import { type AppConfig, type Provisioned, provision } from "./provision.ts";
import type { Replica } from "./replica.ts";
import { type Handover, type PreparedReload, succession } from "./succession.ts";

export interface AppSettings {
  /** Default: no log. */
  readonly logger?: Logger;
  /** The environment that the processes inherit. Default: ours. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where relative paths begin. Default: the current folder. */
  readonly cwd?: string;
  /** Shows what goes to our own streams line by line. Default: the processes write there themselves. */
  readonly terminal?: Terminal;
}

/** Which replica an event of an {@link App} is about. */
export interface ReplicaRef {
  /** How people call the process: its `name`, else the last part of its command. */
  readonly name: string;
  /** The command with its templates applied. */
  readonly command: readonly string[];
  readonly replica: number;
}

/** The events of {@link Supervisor}, with the replica they are about. */
export type AppEvents = {
  [Name in Exclude<keyof SupervisorEvents, "state">]: [event: ReplicaRef & SupervisorEvents[Name][0]];
} & {
  /** An essential process is finally down; `exitCode` is what a program that lives for it should end with. */
  essentialDown: [event: ReplicaRef & { exitCode: number }];
};

const silent: ReplicaLog = { log() {} };

/**
 * The `supervisor` app: all processes of a configuration.
 *
 * @example
 * const app = new App({ supervise: [{ command: ["node", "worker.js"], replicas: 3 }] });
 * app.on("started", ({ replica, pid }) => console.log(replica, pid));
 * await app.start();
 * await app.stop();
 */
export class App extends EventEmitter<AppEvents> {
  readonly #config: AppConfig;
  readonly #settings: AppSettings;
  readonly #env: NodeJS.ProcessEnv;
  readonly #cwd: string;
  readonly #outputs: OutputDoors;
  #provisioned: readonly Provisioned[] | undefined;
  #replicas: readonly Replica[] = [];
  /** The same, by what runs them. */
  #bySupervisor: ReadonlyMap<Supervisor, Replica> = new Map();
  /** Those made that have not ended for good: the replicas, what a reload is stopping, and what it has started. */
  readonly #made = new Set<Supervisor>();
  readonly #handovers = new Map<Supervisor, Handover>();
  /** Of starts: a thousand take a second or two, and wishes to stop are heard in between. */
  readonly #turns = new Turns();
  readonly #replacedListeners = new Set<() => void>();
  /** Of replicas made: each has a name of its own in the markers of its processes. */
  #count = 0;
  #surroundings: Surroundings | undefined;
  /** The start under way or done; undefined when nothing runs. */
  #starting: Promise<void> | undefined;
  /** Somebody wants the end: a start under way goes no further. */
  #ending = false;
  /** Taken by {@link start} itself when none was handed in, and then released by {@link stop}. */
  #ownCustody: Custody | undefined;

  constructor(config: AppConfig, settings: AppSettings = {}) {
    super();
    this.#config = config;
    this.#settings = settings;
    this.#env = settings.env ?? process.env;
    this.#cwd = settings.cwd ?? process.cwd();
    this.#outputs = outputDoors(settings.logger, settings.terminal);
  }

  /** The replicas' supervisors, in the order of the configuration; none before {@link start}. */
  get supervisors(): readonly Supervisor[] {
    return this.#replicas.map(({ supervisor }) => supervisor);
  }

  /** What runs, or rests, in the slots of the configuration, in its order; none before {@link start}. */
  get replicas(): readonly Replica[] {
    return this.#replicas;
  }

  /** What keeps a replica from being started: the one before it in its slot has not ended yet. Undefined: nothing. */
  handoverTo({ supervisor }: Replica): Handover | undefined {
    return this.#handovers.get(supervisor);
  }

  /** Calls back when a reload has made others the replicas. Returns the function that ends it. */
  onReplaced(listener: () => void): () => void {
    this.#replacedListeners.add(listener);
    return () => this.#replacedListeners.delete(listener);
  }

  /** The replica whose stop may take the longest; undefined without replicas, and before {@link provision}. */
  get slowestStop(): SlowestStop | undefined {
    const current = this.#surroundings === undefined ? (this.#provisioned ?? []) : this.#replicas;
    return slowestStop(current.map(({ plan }) => plan));
  }

  /** Whether a replica may be started: it has its slot still, and nobody wants the end. */
  mayStart(replica: Replica): boolean {
    return !this.#ending && this.#bySupervisor.has(replica.supervisor);
  }

  /**
   * Checks everything that a start needs: values, templates of every replica, users, rights, env files, log files. Starts
   * nothing and creates nothing.
   *
   * @throws SupervisorError `DEFINITION`, `TEMPLATE`, `UNKNOWN_USER`, `UNKNOWN_GROUP`, `USER_NEEDS_ROOT`, `RIGHTS`, `ENV_FILE`,
   * `LOG_FILE`, `JSON_CONFIG`
   */
  provision(): void {
    this.#provisioned ??= this.#check(this.#config);
  }

  /**
   * What would keep processes from starting now, or their log files from being rolled, one sentence each. That is no
   * error: a program or folder may come later, and until then the start is tried again.
   */
  preflight(): Set<string> {
    const path = process.env.PATH ?? "";
    const faults = (this.#provisioned ?? []).flatMap(({ plan, launch, places }) => {
      const { options } = plan;
      const dir = workingDirectory(options, this.#cwd);
      const mayRun = (file: string) => mayExecute(file, launch);
      const located = locate({ command: options.command, dir, path, as: launch.as, mayExecute: mayRun });
      const place = places?.command;
      const where = place === undefined ? "" : `, at ${place.file}:${place.line}`;
      const start =
        "error" in located ? [`'${options.command}' would not start: ${located.error}${where}`] : [];
      return [...start, ...rollWarnings(plan, this.#cwd)];
    });
    return new Set(faults);
  }

  /**
   * Starts every replica and resolves when each was asked for; whether it runs is told by events. A second call while
   * it runs changes nothing.
   *
   * @param custody of the instance, when the caller holds it
   * @throws what {@link provision} throws
   */
  start(custody?: Custody): Promise<void> {
    this.#starting ??= this.#start(custody);
    return this.#starting;
  }

  /**
   * Compares another configuration with what runs: unchanged replicas will keep their process and their back-off, changed
   * ones are restarted, and only the difference in number is started or stopped.
   *
   * @throws what {@link provision} throws; then nothing has changed
   */
  prepareReload(config: AppConfig): PreparedReload {
    return succession(this.#replicas, this.#check(config), {
      changesAround: (was, will) => inheritedChanges(was, will, this.#cwd),
      make: (each) => this.#make(each),
      prepare: (all) => preparePipes(all, this.#outputs, this.#cwd),
      retired: ({ supervisor }) => this.#made.delete(supervisor),
      mayStart: async () => {
        await this.#turns.next();
        return !this.#ending;
      },
      replace: (replicas, handovers) => {
        const former = this.#bySupervisor;
        this.#occupy(replicas);
        for (const replica of replicas) {
          // Until now nobody knew whether it would stay.
          if (!former.has(replica.supervisor)) this.#tellIfEssential(replica);
        }
        for (const handover of handovers) this.#await(handover);
        for (const listener of this.#replacedListeners) listener();
      },
    });
  }

  /** Stops all replicas in parallel. Resolves when every process tree is gone. */
  stop(): Promise<StopReport[]> {
    return this.#end((supervisor) => supervisor.stop());
  }

  /** As {@link stop}, with SIGKILL at once. */
  kill(): Promise<StopReport[]> {
    return this.#end((supervisor) => supervisor.kill());
  }

  /** Log files that we write are opened anew: somebody has renamed them. */
  reopen(): void {
    this.#outputs.files.reopen();
  }

  async #start(custody: Custody | undefined): Promise<void> {
    this.#ending = false;
    this.provision();
    const holder = custody ?? (await this.#takeCustody());
    this.#surroundings = this.#surroundingsIn(holder);
    const provisioned = this.#provisioned ?? [];
    this.#made.clear();
    this.#occupy(provisioned.map((each) => this.#make(each)));
    preparePipes(provisioned, this.#outputs, this.#cwd);
    for (const { supervisor } of this.#replicas) {
      await this.#turns.next();
      if (this.#ending) return;
      supervisor.begin();
    }
  }

  async #end(how: (supervisor: Supervisor) => Promise<StopReport>): Promise<StopReport[]> {
    this.#ending = true;
    // A start that has failed has told its caller so.
    await this.#starting?.catch(() => {});
    const { supervisors } = this;
    // What a reload has begun, or is about to end, belongs to no slot.
    const others = [...this.#made].filter((each) => !this.#bySupervisor.has(each));
    const [reports] = await Promise.all([Promise.all(supervisors.map(how)), Promise.all(others.map(how))]);
    this.#starting = undefined;
    await this.#close();
    return reports;
  }

  #check(config: AppConfig): Provisioned[] {
    const onWarning = (warning: string, user: string) =>
      this.#settings.logger?.log("warn", warning, { user });
    return provision(config, { env: this.#env, cwd: this.#cwd, onWarning });
  }

  #make({ key, plan, launch, inherited, places }: Provisioned): Replica {
    if (this.#surroundings === undefined) throw new Error("nothing is made before the start");
    const id = String(this.#count++);
    const onEvent: OnSupervisorEvent = (name, event) => this.#hear(replica, name, event);
    const order = { plan, launch, inherited, id, onEvent };
    const { supervisor, outputs, rulesOf } = makeSupervisor(order, this.#surroundings);
    const replica = { key, plan, launch, inherited, places, supervisor, outputs, rulesOf };
    this.#made.add(supervisor);
    return replica;
  }

  /** These have the slots from now on. */
  #occupy(replicas: readonly Replica[]): void {
    this.#replicas = replicas;
    this.#bySupervisor = new Map(replicas.map((replica) => [replica.supervisor, replica]));
  }

  #await(handover: Handover): void {
    const { supervisor } = handover.to;
    this.#handovers.set(supervisor, handover);
    void handover.done.then(() => this.#handovers.delete(supervisor));
  }

  #surroundingsIn({ instance, onProcess, onGone, holds, starter }: Custody): Surroundings {
    return {
      instance,
      ...realWorld({ holds, starter }),
      log: this.#settings.logger ?? silent,
      cwd: this.#cwd,
      outputs: this.#outputs,
      onProcess,
      onGone,
      wasOutOfMemory: outOfMemoryWatch(),
    };
  }

  #hear(replica: Replica, name: keyof SupervisorEvents, event: SupervisorEvents[typeof name][0]): void {
    if (name !== "state") {
      // Each event is forwarded under its own name: the pair is right for every member of the union.
      (this as EventEmitter).emit(name, Object.assign(refOf(replica), event));
      return;
    }
    // Whether it is essential may have changed since it was made.
    const present = this.#bySupervisor.get(replica.supervisor);
    if (present !== undefined) this.#tellIfEssential(present);
  }

  #tellIfEssential(replica: Replica): void {
    const { supervisor, plan } = replica;
    const { state, lastEnd } = supervisor;
    if (!plan.restarts.essential || (state !== "exited" && state !== "failed")) return;
    const exitCode = lastEnd?.status === undefined ? 1 : shellCode(lastEnd.status);
    this.emit("essentialDown", { ...refOf(replica), exitCode });
  }

  async #takeCustody(): Promise<Custody> {
    const logger = this.#settings.logger;
    this.#ownCustody = await takeLibraryCustody((message, error) =>
      logger?.log("error", message, { error: error.message }),
    );
    return this.#ownCustody;
  }

  async #close(): Promise<void> {
    this.#surroundings?.sweeper.forgetLater();
    await Promise.all(this.#replicas.map(({ outputs }) => outputs.close()));
    dropPreparedFifos();
    const custody = this.#ownCustody;
    this.#ownCustody = undefined;
    await custody?.release();
  }
}

function preparePipes(replicas: readonly Provisioned[], { terminal }: OutputDoors, cwd: string): void {
  prepareFifos(replicas.reduce((sum, { plan }) => sum + ReplicaOutputs.pipesFor(plan, cwd, terminal), 0));
}

function refOf({ plan: { name, options } }: Replica): ReplicaRef {
  return { name, command: [options.command, ...options.args], replica: options.replica };
}
