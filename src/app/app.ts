import { EventEmitter } from "node:events";
import type { Definition, DefinitionJson } from "../config/definition.ts";
import { definitionFrom } from "../config/definition-json.ts";
import { planReplicas, type ReplicaPlan } from "../config/options.ts";
import { atPlace, type DefinitionPlaces } from "../config/places.ts";
import { planRights, type RightsPlan } from "../config/rights-plan.ts";
import { SupervisorError } from "../errors.ts";
import type { Logger } from "../logging/logger.ts";
import { checkOutputs } from "../output/check-outputs.ts";
import { dropPreparedFifos, prepareFifos } from "../output/fifo.ts";
import { type OutputDoors, ReplicaOutputs, type Terminal } from "../output/replica-outputs.ts";
import { readEnvFiles } from "../supervise/env-files.ts";
import { shellCode } from "../supervise/exit-status.ts";
import { mayExecute } from "../supervise/launch.ts";
import { type Launch, planLaunch } from "../supervise/launch-chain.ts";
import { locate } from "../supervise/lookup.ts";
import type { ReplicaLog } from "../supervise/ports.ts";
import type { Supervisor } from "../supervise/supervisor.ts";
import type { StopReport, SupervisorEvents } from "../supervise/supervisor-parts.ts";
import { type Custody, takeLibraryCustody } from "./custody.ts";
import {
  makeSupervisor,
  outOfMemoryWatch,
  realWorld,
  type Surroundings,
  workingDirectory,
} from "./make-supervisor.ts";
import { outputDoors } from "./output-doors.ts";

/** What an {@link App} runs. */
export interface AppConfig {
  readonly supervise: readonly (Definition | DefinitionJson)[];
  /** Where each definition stands in the configuration, for messages. */
  readonly places?: readonly (DefinitionPlaces | undefined)[];
}

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

interface Provisioned {
  readonly plan: ReplicaPlan;
  readonly launch: Launch;
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
  readonly #cwd: string;
  readonly #world = realWorld();
  readonly #launches = new Map<string, Launch>();
  #provisioned: readonly Provisioned[] | undefined;
  readonly #outputs: OutputDoors;
  #supervisors: readonly Supervisor[] = [];
  #replicaOutputs: ReplicaOutputs[] = [];
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
    this.#cwd = settings.cwd ?? process.cwd();
    this.#outputs = outputDoors(settings.logger, settings.terminal);
  }

  /** The replicas' supervisors, in the order of the configuration; none before {@link start}. */
  get supervisors(): readonly Supervisor[] {
    return this.#supervisors;
  }

  /**
   * Checks everything that a start needs: values, templates of every replica, users, rights, env files, log files. Starts nothing and
   * creates nothing.
   *
   * @throws SupervisorError `DEFINITION`, `TEMPLATE`, `UNKNOWN_USER`, `UNKNOWN_GROUP`, `USER_NEEDS_ROOT`, `RIGHTS`, `ENV_FILE`, `LOG_FILE`,
   * `JSON_CONFIG`
   */
  provision(): void {
    this.#provisioned ??= this.#config.supervise.flatMap((given, index) =>
      this.#provision(given, this.#config.places?.[index]),
    );
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
    const surroundings = this.#surroundings(holder);
    this.#supervisors = (this.#provisioned ?? []).map(({ plan, launch }, index) => {
      const made = makeSupervisor(plan, launch, String(index), surroundings);
      this.#forwardEvents(made.supervisor);
      if (plan.restarts.essential) this.#watchEssential(made.supervisor);
      this.#replicaOutputs.push(made.outputs);
      return made.supervisor;
    });
    this.#preparePipes();
    for (const [index, supervisor] of this.#supervisors.entries()) {
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
    const reports = await Promise.all(this.#supervisors.map(how));
    this.#starting = undefined;
    await this.#close();
    return reports;
  }

  #provision(given: Definition | DefinitionJson, places: DefinitionPlaces | undefined): Provisioned[] {
    try {
      const definition = definitionFrom(given);
      const plans = planReplicas(definition, { env: this.#settings.env ?? process.env });
      const { user = "" } = definition;
      const launch = this.#launchFor(user, planRights(definition));
      for (const plan of plans) {
        readEnvFiles(plan.envFiles, this.#cwd);
        checkOutputs(plan, this.#cwd);
      }
      return plans.map((plan) => ({ plan, launch }));
    } catch (error) {
      throw error instanceof SupervisorError ? atPlace(error, places) : error;
    }
  }

  /** Planned once for all definitions that ask for the same: it takes a few milliseconds. */
  #launchFor(user: string, rights: RightsPlan): Launch {
    const key = JSON.stringify([user, rights]);
    const known = this.#launches.get(key);
    if (known !== undefined) return known;
    const launch = planLaunch(user, rights);
    for (const warning of launch.warnings) this.#settings.logger?.log("warn", warning, { user });
    this.#launches.set(key, launch);
    return launch;
  }

  #surroundings({ instance, onProcess, onGone }: Custody): Surroundings {
    return {
      instance,
      ...this.#world,
      log: this.#settings.logger ?? silent,
      env: this.#settings.env ?? process.env,
      cwd: this.#cwd,
      outputs: this.#outputs,
      onProcess,
      onGone,
      wasOutOfMemory: outOfMemoryWatch(),
    };
  }

  #preparePipes(): void {
    const count = (this.#provisioned ?? []).reduce(
      (sum, { plan }) => sum + ReplicaOutputs.pipesFor(plan, this.#cwd, this.#outputs.terminal),
      0,
    );
    prepareFifos(count);
  }

  #forwardEvents(supervisor: Supervisor): void {
    const ref = this.#refOf(supervisor);
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
      const status = supervisor.lastEnd?.status;
      const exitCode = status === undefined ? 1 : shellCode(status);
      this.emit("essentialDown", { ...this.#refOf(supervisor), exitCode });
    });
  }

  #refOf({ options }: Supervisor): ReplicaRef {
    return { command: [options.command, ...options.args], replica: options.replica };
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
    await Promise.all(this.#replicaOutputs.splice(0).map((outputs) => outputs.close()));
    dropPreparedFifos();
    const custody = this.#ownCustody;
    this.#ownCustody = undefined;
    await custody?.release();
  }
}
