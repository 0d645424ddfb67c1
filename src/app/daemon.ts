import { SupervisorError } from "../errors.ts";
import type { Logger } from "../logging/logger.ts";
import type { Terminal } from "../output/replica-outputs.ts";
import { type Deferred, deferred } from "../supervise/deferred.ts";
import { nodeClock } from "../supervise/node-clock.ts";
import type { OwnHolds } from "../supervise/platform/platform.ts";
import { Announcements } from "./announcements.ts";
import { App } from "./app.ts";
import { CaddyHost } from "./caddy-host.ts";
import type { ConfigDoor } from "./config-door.ts";
import { Control, type Instance, type InstanceStatus } from "./control/control.ts";
import { Journal } from "./control/journal.ts";
import { seconds } from "./control/status.ts";
import { Custody } from "./custody.ts";
import type { Config, LoadOptions } from "./load-config.ts";
import type { Notifier } from "./notifier.ts";
import { OrphanCare } from "./orphan-care.ts";
import { type EndpointMove, Reloader } from "./reloader.ts";
import { openRunFolder } from "./run-folder.ts";
import type { SignalRequest } from "./signals.ts";

/** Where we can be called: the configured address and the control socket. The layer below makes it. */
export interface Endpoint {
  /** Nobody is let in at the configured address any more; the control socket still answers. */
  closeNetwork(): Promise<void>;
  close(): Promise<void>;
  /** Prepares it for a configuration whose `admin` part is another. @throws SupervisorError when it cannot listen there */
  prepareMove(config: Config): Promise<EndpointMove>;
}

/** What an endpoint needs of the daemon. */
export interface EndpointDoors {
  /** Resolves when requests may be answered. */
  readonly ready: Promise<void>;
  /** The configuration, to be read and changed. */
  readonly config: ConfigDoor;
  /** Caddy's private socket, undefined while none runs. */
  caddySocket(): string | undefined;
  /** What people may ask of the processes. */
  readonly control: Control;
  /** Somebody asked us to end. */
  onStop(): void;
}

export interface DaemonParts {
  readonly config: Config;
  /** How it was loaded: texts that come over the API are adapted in the same way. */
  readonly loadOptions: LoadOptions;
  /** Reads the configuration file again, for a reload; undefined: there is none. */
  readonly readAgain: (() => Promise<Config>) | undefined;
  /** Absolute path of the Caddy binary after it has accepted its half; undefined when the configuration needs no Caddy. */
  readonly findCaddy: (config: Config) => Promise<string | undefined>;
  /** What names the instance: see openRunFolder. */
  readonly instanceKey: string;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly logger: Logger;
  /** Shows the lines of processes that go to our own streams. Undefined: they write there themselves. */
  readonly terminal?: Terminal | undefined;
  /** What holds the processes together. Undefined: they are found by other means. */
  readonly holds?: OwnHolds | undefined;
  /** `controlSocket` is a path in a folder that only we may enter. */
  readonly openEndpoint: (doors: EndpointDoors, controlSocket: string) => Promise<Endpoint>;
  /** Our own, for those who ask. */
  readonly version: string;
  /** Called once everything runs. */
  readonly onReady: () => void;
  /** Hears where we stand. */
  readonly notifier: Notifier;
  /** How long (ms) the whole stop may take before what is left is killed. Undefined: each has its own bound alone. */
  readonly stopTimeout: number | undefined;
  /** Hears of each configuration that runs: the first one when everything does, others when they are committed. */
  readonly onCommit: (config: Config) => void;
}

/** Why the daemon ends. */
type Ending = { readonly by: string; readonly exitCode: number; readonly error?: Error };

const forcedExit = 2;
const longestInterval = 2 ** 31 - 1;

/**
 * One instance: the processes, Caddy beside them, and the endpoint in front. Processes start first and stop last.
 */
export class Daemon {
  readonly #parts: DaemonParts;
  readonly #log: Logger;
  readonly #app: App;
  readonly #journal: Journal;
  #caddy: CaddyHost | undefined;
  #reloader: Reloader | undefined;
  #endpoint: Endpoint | undefined;
  readonly #ending: Deferred<Ending> = deferred();
  readonly #ready: Deferred<void> = deferred();
  readonly #startedAt = nodeClock.now();
  #isReady = false;
  /** How everything is to end: in order, at once because its time is over, at once because somebody asked for that. */
  #manner: "orderly" | "overdue" | "forced" = "orderly";
  /** Why it ends; undefined until then. Nothing is started any more once it is known. */
  #reason: Ending | undefined;
  readonly #orphans: OrphanCare;
  readonly #announcements: Announcements;

  constructor(parts: DaemonParts) {
    this.#parts = parts;
    this.#log = parts.logger;
    const { config, env, cwd, logger } = parts;
    this.#app = new App(config, {
      logger: logger.named("supervisor"),
      env,
      cwd,
      terminal: parts.terminal ?? {},
    });
    this.#journal = new Journal(this.#app);
    this.#orphans = new OrphanCare(logger);
    this.#announcements = new Announcements({
      ...parts,
      app: this.#app,
      journal: this.#journal,
      hasCaddy: () => this.#caddy?.socketPath !== undefined,
    });
    this.#app.on("essentialDown", ({ command, replica, exitCode }) => {
      const fields = { command, replica, exit_code: exitCode };
      this.#log.named("supervisor").log("warn", "essential process is down, shutting down", fields);
      this.#end({ by: "essential process", exitCode });
    });
  }

  /**
   * Runs until somebody asks for the end, and resolves with the exit code when nothing is left alive.
   *
   * @throws SupervisorError when it cannot start; then nothing is left alive either
   */
  async run(): Promise<number> {
    this.#app.provision();
    const { config, instanceKey, env, holds } = this.#parts;
    this.#announcements.warnIfSlowToStop(config.needsCaddy);
    const custody = await Custody.take(() => openRunFolder(instanceKey, env), {
      onError: (message, error) => this.#log.log("error", message, { error: error.message }),
      holds,
    });
    // Without a replica, a Caddy or an endpoint nothing else would keep the event loop going.
    const keepAlive = setInterval(() => {}, longestInterval);
    try {
      this.#announcements.leftovers(custody);
      if (process.pid === 1) await this.#orphans.beInit();
      return await this.#runIn(custody);
    } finally {
      clearInterval(keepAlive);
      await this.#orphans.stop();
      await custody.release();
    }
  }

  /** A signal, or a request of the same kind from elsewhere. */
  request({ kind, signal }: SignalRequest): void {
    const log = (message: string) => this.#log.log("info", message, { signal });
    const answers: Readonly<Record<SignalRequest["kind"], () => void>> = {
      stop: () => {
        log("shutting down");
        this.#end({ by: signal, exitCode: 0 });
      },
      kill: () => {
        log("quitting process immediately");
        this.#killAll("forced");
        this.#end({ by: signal, exitCode: forcedExit });
      },
      reload: () => {
        log("reloading configuration");
        void this.#reload();
      },
      reopen: () => {
        log("reopening log files");
        this.#app.reopen();
      },
    };
    answers[kind]();
  }

  /** The configuration file has changed: as a signal that asks for a reload. */
  fileChanged(): void {
    this.#log.named("watcher").log("info", "config file changed; reloading");
    void this.#reload();
  }

  async #runIn(custody: Custody): Promise<number> {
    const caddy = this.#makeCaddyHost(custody);
    const reloader = this.#makeReloader(caddy);
    this.#caddy = caddy;
    this.#reloader = reloader;
    const endpoint = await this.#parts.openEndpoint(
      this.#endpointDoors(reloader, caddy),
      custody.controlSocketPath,
    );
    this.#endpoint = endpoint;
    const ending = await this.#startAndWait(custody, caddy);
    await this.#inTime(ending, async () => {
      await endpoint.closeNetwork();
      await this.#stopAll(caddy);
    });
    await this.#orphans.sweep(custody.instance);
    // Until here somebody could ask why it is still stopping; that this ends tells that all is gone.
    await endpoint.close();
    if (ending.error !== undefined) throw ending.error;
    const exitCode = this.#manner === "forced" ? forcedExit : ending.exitCode;
    this.#log.log("info", "shutdown complete", { signal: ending.by, exit_code: exitCode });
    return exitCode;
  }

  #endpointDoors(reloader: Reloader, caddy: CaddyHost): EndpointDoors {
    const instance: Instance = {
      about: () => ({
        version: this.#parts.version,
        pid: process.pid,
        state: this.#phase,
        uptime: seconds(nodeClock.now() - this.#startedAt),
        config: this.#parts.config.source,
        caddy: caddy.status,
      }),
      ensureRunning: async () => {
        await this.#ready.promise;
        if (this.#reason !== undefined) throw new SupervisorError("REFUSED", "shutting down");
      },
    };
    return {
      ready: this.#ready.promise,
      config: reloader,
      caddySocket: () => caddy.socketPath,
      control: new Control({ app: this.#app, reloader, journal: this.#journal, instance }),
      onStop: () => this.#end({ by: "admin endpoint", exitCode: 0 }),
    };
  }

  get #phase(): InstanceStatus["state"] {
    if (this.#reason !== undefined) return "stopping";
    return this.#isReady ? "running" : "starting";
  }

  #makeCaddyHost(custody: Custody): CaddyHost {
    const { env, cwd, logger, findCaddy } = this.#parts;
    return new CaddyHost({
      custody,
      env,
      cwd,
      logger,
      findBinary: findCaddy,
      mayStart: () => this.#reason === undefined,
      onEnd: (exitCode) => this.#end({ by: "caddy", exitCode }),
    });
  }

  #makeReloader(caddy: CaddyHost): Reloader {
    const { config, loadOptions, readAgain, onCommit, logger } = this.#parts;
    return new Reloader({
      app: this.#app,
      config,
      caddy,
      options: loadOptions,
      readAgain,
      moveEndpoint: async (next) => this.#endpoint?.prepareMove(next),
      around: (reload) => this.#announcements.around(reload),
      onCommit,
      mayBegin: () => this.#reason === undefined,
      logger,
    });
  }

  /** What a signal asks for; nobody waits for its answer but the log. */
  async #reload(): Promise<void> {
    try {
      await this.#ready.promise;
      await this.#reloader?.reload();
    } catch (error) {
      this.#log.log("error", "reload failed: nothing has changed", { error: (error as Error).message });
    }
  }

  /** Starts everything, as long as nobody asks for the end, and resolves with the reason for the end. */
  async #startAndWait(custody: Custody, caddy: CaddyHost): Promise<Ending> {
    const starting = this.#startAll(custody, caddy);
    // When the end comes first, nobody waits for the start any more.
    starting.catch(() => {});
    try {
      await Promise.race([starting, this.#ending.promise]);
      if (this.#reason === undefined) {
        this.#isReady = true;
        this.#journal.record("serving", {});
        this.#ready.resolve(undefined);
        this.#parts.onReady();
        this.#announcements.serving();
        this.#parts.onCommit(this.#parts.config);
      }
    } catch (error) {
      this.#end({ by: "error", exitCode: 1, error: error as Error });
    }
    return this.#ending.promise;
  }

  /** The first reason counts. */
  #end(ending: Ending): void {
    if (this.#reason === undefined) this.#journal.record("stopping", { by: ending.by });
    this.#reason ??= ending;
    this.#ending.resolve(this.#reason);
  }

  async #startAll(custody: Custody, caddy: CaddyHost): Promise<void> {
    const { config, findCaddy } = this.#parts;
    if (this.#reason !== undefined) return;
    const binary = await findCaddy(config);
    // Before anything can lose its parent.
    await this.#orphans.adopt();
    await this.#app.start(custody);
    const serving =
      binary === undefined || this.#reason !== undefined ? undefined : caddy.start(binary, config.document);
    await serving;
  }

  /** Runs an orderly stop; when its time is over, what is left is killed. The reason for the end stays what it was. */
  async #inTime({ by, error }: Ending, stop: () => Promise<void>): Promise<void> {
    const { stopTimeout } = this.#parts;
    this.#announcements.stopping(error?.message ?? by, this.#manner === "orderly");
    const overdue = () => {
      if (this.#manner !== "orderly") return;
      this.#log.log("warn", "stop timeout exceeded, killing what is left", {
        stop_timeout: (stopTimeout ?? 0) / 1000,
      });
      this.#killAll("overdue");
    };
    const timer =
      stopTimeout === undefined ? undefined : setTimeout(overdue, Math.min(stopTimeout, longestInterval));
    await stop().finally(() => clearTimeout(timer));
  }

  /** Caddy first, so that requests in flight still find their processes. */
  async #stopAll(caddy: CaddyHost): Promise<void> {
    await (this.#manner === "orderly" ? caddy.stop() : caddy.kill());
    // A reload that waits for Caddy has its answer now. What it stops already is no reason for others to wait.
    const stopped = this.#manner === "orderly" ? this.#app.stop() : this.#app.kill();
    await Promise.all([this.#reloader?.settled(), stopped]);
  }

  /** Kills everything, also in the midst of an orderly stop: the waits for it end early. */
  #killAll(manner: "overdue" | "forced"): void {
    this.#manner = manner;
    void this.#caddy?.kill();
    void this.#app.kill();
  }
}
