import { EventEmitter } from "node:events";
import { planReload, type ReplicaChange, replicaName } from "../config/reload-plan.ts";
import type { Logger } from "../logging/logger.ts";
import { dropPreparedFifos, prepareFifos } from "../output/fifo.ts";
import { type OutputDoors, ReplicaOutputs, type Terminal } from "../output/replica-outputs.ts";
import { shellCode } from "../supervise/exit-status.ts";
import { mayExecute } from "../supervise/launch.ts";
import { locate } from "../supervise/lookup.ts";
import type { ReplicaLog } from "../supervise/ports.ts";
import type { Supervisor } from "../supervise/supervisor.ts";
import type { StopReport, SupervisorEvents } from "../supervise/supervisor-parts.ts";
import { type Custody, takeLibraryCustody } from "./custody.ts";
import {
  type MadeReplica,
  makeSupervisor,
  outOfMemoryWatch,
  realWorld,
  type Surroundings,
  workingDirectory,
} from "./make-supervisor.ts";
import { outputDoors } from "./output-doors.ts";
import { type AppConfig, type Provisioned, provision } from "./provision.ts";

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
  /** The command with its templates applied. */
  readonly command: readonly string[];
  readonly replica: number;
}

const forwarded = ["started", "ready", "exited", "failed", "crashed", "restarting", "stopped"] as const;

/** The events of {@link Supervisor}, with the replica they are about. */
export type AppEvents = {
  [Name in (typeof forwarded)[number]]: [event: ReplicaRef & SupervisorEvents[Name][0]];
} & {
  /** An essential process is finally down; `exitCode` is what a program that lives for it should end with. */
  essentialDown: [event: ReplicaRef & { exitCode: number }];
};

/** What runs in one slot of the configuration. */
interface Replica extends Provisioned, MadeReplica {}

type Change = ReplicaChange<Replica, Provisioned>;

/** One line of a plan, for people. */
export interface PlannedChange {
  /** `worker:0` */
  readonly replica: string;
  readonly action: Change["kind"];
  /** `env APP_ENV changed`; never a value. Empty for what is kept as it is. */
  readonly why: readonly string[];
}

/** A configuration that was checked and compared with what runs; nothing has happened yet. */
export interface PreparedReload {
  readonly changes: readonly PlannedChange[];
  /** Starts what is added. */
  begin(): void;
  /** Makes the new configuration the one that runs: there is no way back. */
  commit(): Promise<void>;
  /** Takes away what {@link begin} has started. */
  rollBack(): Promise<void>;
}

const startsPerTurn = 16;
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
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
  #world = realWorld();
  readonly #outputs: OutputDoors;
  #provisioned: readonly Provisioned[] | undefined;
  #replicas: readonly Replica[] = [];
  /** Of replicas made: each has a name of its own in the markers of its processes. */
  #made = 0;
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
   * What would keep processes from starting now, one sentence each. That is no error: a program or folder may come
   * later, and until then the start is tried again.
   */
  preflight(): Set<string> {
    const path = process.env.PATH ?? "";
    const faults = (this.#provisioned ?? []).flatMap(({ plan: { options }, launch }) => {
      const dir = workingDirectory(options, this.#cwd);
      const mayRun = (file: string) => mayExecute(file, launch);
      const located = locate({ command: options.command, dir, path, as: launch.as, mayExecute: mayRun });
      return "error" in located ? [`'${options.command}' would not start: ${located.error}`] : [];
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
    const wanted = this.#check(config);
    const changes = planReload(this.#replicas, wanted);
    const added = new Map<Provisioned, Replica>();
    return {
      changes: changes.map((change) => ({
        replica: replicaName("will" in change ? change.will : change.was),
        action: change.kind,
        why: change.why,
      })),
      begin: () => {
        preparePipes(
          changes.flatMap((change) => (change.kind === "start" ? [change.will] : [])),
          this.#outputs,
          this.#cwd,
        );
        for (const change of changes) {
          if (change.kind !== "start" || this.#ending) continue;
          const replica = this.#make(change.will);
          added.set(change.will, replica);
          void replica.supervisor.run();
        }
      },
      commit: async () => {
        const made = changes.map((change) => this.#succeed(change, added));
        this.#replicas = made.flatMap(({ replica }) => replica ?? []);
        await Promise.all(inOrderPerKey(made).map((steps) => this.#carryOut(steps)));
      },
      rollBack: async () => {
        await Promise.all([...added.values()].map((replica) => this.#retire(replica)));
      },
    };
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
    this.#world = realWorld(holder.holds);
    this.#surroundings = this.#surroundingsIn(holder);
    const provisioned = this.#provisioned ?? [];
    this.#replicas = provisioned.map((each) => this.#make(each));
    preparePipes(provisioned, this.#outputs, this.#cwd);
    for (const [index, { supervisor }] of this.#replicas.entries()) {
      // A thousand starts take a second or two: signals and wishes to stop are heard in between.
      if (index % startsPerTurn === startsPerTurn - 1) await nextTurn();
      if (this.#ending) return;
      void supervisor.run();
    }
  }

  async #end(how: (supervisor: Supervisor) => Promise<StopReport>): Promise<StopReport[]> {
    this.#ending = true;
    // A start that has failed has told its caller so.
    await this.#starting?.catch(() => {});
    const reports = await Promise.all(this.#replicas.map(({ supervisor }) => how(supervisor)));
    this.#starting = undefined;
    await this.#close();
    return reports;
  }

  #check(config: AppConfig): Provisioned[] {
    const onWarning = (warning: string, user: string) =>
      this.#settings.logger?.log("warn", warning, { user });
    return provision(config, { env: this.#env, cwd: this.#cwd, onWarning });
  }

  #make(provisioned: Provisioned): Replica {
    const { plan, launch } = provisioned;
    if (this.#surroundings === undefined) throw new Error("nothing is made before the start");
    const made = makeSupervisor(plan, launch, String(this.#made++), this.#surroundings);
    this.#forwardEvents(made.supervisor);
    this.#watchEssential(made.supervisor);
    return { ...provisioned, ...made };
  }

  /** What a change makes of a slot, and what is left to be done for it. */
  #succeed(change: Change, added: ReadonlyMap<Provisioned, Replica>): Succession {
    if (change.kind === "stop") return { key: change.was.key, retired: change.was };
    if (change.kind === "start") return { key: change.will.key, replica: added.get(change.will) };
    if (change.kind === "restart") {
      return { key: change.will.key, retired: change.was, replica: this.#make(change.will), isNew: true };
    }
    const { was, will, why } = change;
    was.supervisor.adopt(was.rulesOf(will.plan));
    // Under its new rules it might not have been left to rest.
    const isResting = was.supervisor.state === "exited" || was.supervisor.state === "failed";
    return { key: will.key, replica: { ...was, ...will }, isNew: why.length > 0 && isResting };
  }

  /** One after the other: of several replicas of a definition, all but one keep running. */
  async #carryOut(steps: readonly Succession[]): Promise<void> {
    for (const { retired, replica, isNew } of steps) {
      if (retired !== undefined) await this.#retire(retired);
      if (isNew && !this.#ending) void replica?.supervisor.run();
    }
  }

  async #retire({ supervisor, outputs }: Replica): Promise<void> {
    await supervisor.stop();
    await outputs.close();
  }

  #surroundingsIn({ instance, onProcess, onGone }: Custody): Surroundings {
    return {
      instance,
      ...this.#world,
      log: this.#settings.logger ?? silent,
      env: this.#env,
      cwd: this.#cwd,
      outputs: this.#outputs,
      onProcess,
      onGone,
      wasOutOfMemory: outOfMemoryWatch(),
    };
  }

  #forwardEvents(supervisor: Supervisor): void {
    const ref = refOf(supervisor);
    for (const name of forwarded) {
      supervisor.on(name, (event: object) => {
        // Each event is forwarded under its own name: the pair is right for every member of the union.
        (this as EventEmitter).emit(name, { ...ref, ...event });
      });
    }
  }

  #watchEssential(supervisor: Supervisor): void {
    supervisor.on("state", (state) => {
      if (state !== "exited" && state !== "failed") return;
      // Whether it is essential may have changed since it was made.
      const replica = this.#replicas.find((each) => each.supervisor === supervisor);
      if (!replica?.plan.restarts.essential) return;
      const status = supervisor.lastEnd?.status;
      const exitCode = status === undefined ? 1 : shellCode(status);
      this.emit("essentialDown", { ...refOf(supervisor), exitCode });
    });
  }

  async #takeCustody(): Promise<Custody> {
    const logger = this.#settings.logger;
    this.#ownCustody = await takeLibraryCustody((message, error) =>
      logger?.log("error", message, { error: error.message }),
    );
    return this.#ownCustody;
  }

  async #close(): Promise<void> {
    this.#world.sweeper.forgetLater();
    await Promise.all(this.#replicas.map(({ outputs }) => outputs.close()));
    dropPreparedFifos();
    const custody = this.#ownCustody;
    this.#ownCustody = undefined;
    await custody?.release();
  }
}

interface Succession {
  readonly key: string;
  /** Who goes. */
  readonly retired?: Replica;
  /** Who has the slot from now on. */
  readonly replica?: Replica | undefined;
  /** It is to be started. */
  readonly isNew?: boolean;
}

function inOrderPerKey(steps: readonly Succession[]): Succession[][] {
  const byKey = new Map<string, Succession[]>();
  for (const step of steps) byKey.set(step.key, [...(byKey.get(step.key) ?? []), step]);
  return [...byKey.values()];
}

function preparePipes(replicas: readonly Provisioned[], { terminal }: OutputDoors, cwd: string): void {
  prepareFifos(replicas.reduce((sum, { plan }) => sum + ReplicaOutputs.pipesFor(plan, cwd, terminal), 0));
}

function refOf({ options }: Supervisor): ReplicaRef {
  return { command: [options.command, ...options.args], replica: options.replica };
}
