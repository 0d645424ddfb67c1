import { SupervisorError } from "../errors.ts";
import type { Logger } from "../logging/logger.ts";
import type { Terminal } from "../output/replica-outputs.ts";
import { type Deferred, deferred } from "../supervise/deferred.ts";
import type { OwnHolds } from "../supervise/platform/platform.ts";
import { App } from "./app.ts";
import { CaddyHost } from "./caddy-host.ts";
import type { ConfigDoor } from "./config-door.ts";
import { Custody } from "./custody.ts";
import type { Config, LoadOptions } from "./load-config.ts";
import { realWorld } from "./make-supervisor.ts";
import type { Orphans } from "./orphans.ts";
import { type EndpointMove, Reloader } from "./reloader.ts";
import { openRunFolder } from "./run-folder.ts";
import type { SignalRequest } from "./signals.ts";

/** The admin endpoint, as the daemon sees it; the layer below makes it. */
export interface Endpoint {
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
  /** Somebody asked us to end. */
  onStop(): void;
}

export interface DaemonParts {
  readonly config: Config;
  /** How it was loaded: texts that come over the API are adapted in the same way. */
  readonly loadOptions: LoadOptions;
  /** Reads the configuration file again, for a reload; undefined: it came from stdin. */
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
  /** Undefined: no endpoint over the network. */
  readonly openEndpoint: ((doors: EndpointDoors) => Promise<Endpoint>) | undefined;
  /** Called once everything runs. */
  readonly onReady: () => void;
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
  #caddy: CaddyHost | undefined;
  #reloader: Reloader | undefined;
  #endpoint: Endpoint | undefined;
  readonly #ending: Deferred<Ending> = deferred();
  readonly #ready: Deferred<void> = deferred();
  #forced = false;
  /** Why it ends; undefined until then. Nothing is started any more once it is known. */
  #reason: Ending | undefined;
  /** Set once orphans are ours: as PID 1 before the start, else as soon as everything was asked to start. */
  #adopting: Promise<Orphans | undefined> | undefined;

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
    const { instanceKey, env, holds } = this.#parts;
    const custody = await Custody.take(
      () => openRunFolder(instanceKey, env),
      (message, error) => this.#log.log("error", message, { error: error.message }),
      holds,
    );
    // Without a replica, a Caddy or an endpoint nothing else would keep the event loop going.
    const keepAlive = setInterval(() => {}, longestInterval);
    try {
      this.#reportLeftovers(custody);
      if (process.pid === 1) await this.#beInit();
      return await this.#runIn(custody);
    } finally {
      clearInterval(keepAlive);
      (await this.#adopting)?.stop();
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
        this.#force();
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

  async #runIn(custody: Custody): Promise<number> {
    const caddy = this.#makeCaddyHost(custody);
    const reloader = this.#makeReloader(caddy);
    this.#caddy = caddy;
    this.#reloader = reloader;
    this.#endpoint = await this.#parts.openEndpoint?.({
      ready: this.#ready.promise,
      config: reloader,
      caddySocket: () => caddy.socketPath,
      onStop: () => this.#end({ by: "admin endpoint", exitCode: 0 }),
    });
    const ending = await this.#startAndWait(custody, caddy);
    await this.#endpoint?.close();
    await this.#stopAll(caddy);
    await (await this.#adopting)?.sweep(custody.instance, this.#log.named("supervisor"));
    if (ending.error !== undefined) throw ending.error;
    const exitCode = this.#forced ? forcedExit : ending.exitCode;
    this.#log.log("info", "shutdown complete", { signal: ending.by, exit_code: exitCode });
    return exitCode;
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
    const { config, loadOptions, readAgain, logger } = this.#parts;
    return new Reloader({
      app: this.#app,
      config,
      caddy,
      options: loadOptions,
      readAgain,
      moveEndpoint: async (next) => this.#endpoint?.prepareMove(next),
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
        this.#ready.resolve(undefined);
        this.#parts.onReady();
      }
    } catch (error) {
      this.#end({ by: "error", exitCode: 1, error: error as Error });
    }
    return this.#ending.promise;
  }

  /** The first reason counts. */
  #end(ending: Ending): void {
    this.#reason ??= ending;
    this.#ending.resolve(this.#reason);
  }

  async #startAll(custody: Custody, caddy: CaddyHost): Promise<void> {
    const { config, findCaddy } = this.#parts;
    if (this.#reason !== undefined) return;
    const binary = await findCaddy(config);
    await this.#app.start(custody);
    const serving =
      binary === undefined || this.#reason !== undefined ? undefined : caddy.start(binary, config.document);
    // While Caddy reads its configuration: the sooner the fewer orphans go to somebody else.
    void this.#adoptOrphans();
    await serving;
  }

  /** Caddy first, so that requests in flight still find their processes. */
  async #stopAll(caddy: CaddyHost): Promise<void> {
    await (this.#forced ? caddy.kill() : caddy.stop());
    // A reload that waits for Caddy has its answer now.
    await this.#reloader?.settled();
    await (this.#forced ? this.#app.kill() : this.#app.stop());
  }

  /** Kills everything, also in the midst of an orderly stop: the waits for it end early. */
  #force(): void {
    this.#forced = true;
    void this.#caddy?.kill();
    void this.#app.kill();
  }

  /** The first process of a container inherits every orphan of it, and has to bury them. */
  async #beInit(): Promise<void> {
    if ((await this.#adoptOrphans()) !== undefined) return;
    this.#log.log("warn", "running as PID 1 without koffi: orphans are never reaped", {
      hint: "npm install koffi, or start us under tini (docker run --init)",
    });
  }

  /** Loads koffi, once: nobody's start waits for it, unless we are PID 1. */
  #adoptOrphans(): Promise<Orphans | undefined> {
    this.#adopting ??= import("./orphans.ts").then(({ Orphans }) => Orphans.adopt(realWorld()));
    return this.#adopting;
  }

  #reportLeftovers({ swept }: Custody): void {
    if (swept.killed.length > 0) {
      this.#log.named("supervisor").log("warn", "killed processes that a former run left behind", {
        processes: swept.killed.map(({ pid, name }) => ({ pid, name })),
      });
    }
    if (swept.survivors.length > 0) {
      const names = swept.survivors.map(({ pid, name }) => `${name} (${pid})`).join(", ");
      throw new SupervisorError("INSTANCE_RUNS", `processes of a former run cannot be killed: ${names}`);
    }
  }
}
