import { containsModule } from "../caddy/binary.ts";
import { CaddyChild, caddyId } from "../caddy/child.ts";
import { Pingback } from "../caddy/pingback.ts";
import { SupervisorError } from "../errors.ts";
import type { Logger } from "../logging/logger.ts";
import type { Terminal } from "../output/replica-outputs.ts";
import { type Deferred, deferred } from "../supervise/deferred.ts";
import { App } from "./app.ts";
import { Custody } from "./custody.ts";
import type { Config } from "./load-config.ts";
import { realWorld, replicaSweeper } from "./make-supervisor.ts";
import type { Orphans } from "./orphans.ts";
import { openRunFolder } from "./run-folder.ts";
import type { SignalRequest } from "./signals.ts";

/** The admin endpoint, as the daemon sees it; the layer below makes it. */
export interface Endpoint {
  close(): Promise<void>;
}

/** What an endpoint needs of the daemon. */
export interface EndpointDoors {
  /** Resolves when requests may be answered. */
  readonly ready: Promise<void>;
  /** Caddy's private socket, undefined while none runs. */
  caddySocket(): string | undefined;
  /** Somebody asked us to end. */
  onStop(): void;
}

export interface DaemonParts {
  readonly config: Config;
  /** Absolute path of the binary; undefined when the configuration needs no Caddy. */
  readonly caddyBinary: string | undefined;
  /** What names the instance: see openRunFolder. */
  readonly instanceKey: string;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly logger: Logger;
  /** Shows the lines of processes that go to our own streams. Undefined: they write there themselves. */
  readonly terminal?: Terminal | undefined;
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
  #caddy: CaddyChild | undefined;
  readonly #ending: Deferred<Ending> = deferred();
  readonly #ready: Deferred<void> = deferred();
  #forced = false;
  /** Why it ends; undefined until then. Nothing is started any more once it is known. */
  #reason: Ending | undefined;
  #pingback: Pingback | undefined;
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
    const { instanceKey, env } = this.#parts;
    const custody = await Custody.take(
      () => openRunFolder(instanceKey, env),
      (message, error) => this.#log.log("error", message, { error: error.message }),
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
      // As Caddy answers signals that it knows and does nothing about.
      reload: () => log("not implemented"),
      reopen: () => {
        log("reopening log files");
        this.#app.reopen();
      },
    };
    answers[kind]();
  }

  async #runIn(custody: Custody): Promise<number> {
    const endpoint = await this.#parts.openEndpoint?.({
      ready: this.#ready.promise,
      caddySocket: () => this.#caddy?.socketPath,
      onStop: () => this.#end({ by: "admin endpoint", exitCode: 0 }),
    });
    const ending = await this.#startAndWait(custody);
    await endpoint?.close();
    await this.#stopAll();
    await (await this.#adopting)?.sweep(custody.instance, this.#log.named("supervisor"));
    if (ending.error !== undefined) throw ending.error;
    const exitCode = this.#forced ? forcedExit : ending.exitCode;
    this.#log.log("info", "shutdown complete", { signal: ending.by, exit_code: exitCode });
    return exitCode;
  }

  /** Starts everything, as long as nobody asks for the end, and resolves with the reason for the end. */
  async #startAndWait(custody: Custody): Promise<Ending> {
    const starting = this.#startAll(custody);
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

  async #startAll(custody: Custody): Promise<void> {
    if (this.#reason !== undefined) return;
    await this.#app.start(custody);
    const { caddyBinary } = this.#parts;
    if (caddyBinary === undefined) {
      void this.#adoptOrphans();
      return;
    }
    this.#pingback = await Pingback.listen(custody.caddySocketPath);
    // From here to the start of Caddy nothing is awaited: a stop finds it, or finds that it is not to be started.
    if (this.#reason !== undefined) return;
    const caddy = this.#makeCaddy(caddyBinary, this.#pingback, custody);
    this.#caddy = caddy;
    const serving = caddy.start();
    // While Caddy reads its configuration: the sooner the fewer orphans go to somebody else.
    void this.#adoptOrphans();
    await serving;
    void caddy.ended.then((end) => this.#end({ by: "caddy", exitCode: end === "asked" ? 0 : 1 }));
    void this.#tellOfModule(caddyBinary);
  }

  #makeCaddy(binary: string, pingback: Pingback, custody: Custody): CaddyChild {
    const { config, env, cwd } = this.#parts;
    const { clock, table, sweeper, groups } = realWorld();
    return new CaddyChild({
      binary,
      pingback,
      document: config.document,
      socketPath: custody.caddySocketPath,
      instance: custody.instance,
      env,
      cwd,
      clock,
      table,
      groups,
      sweeper: replicaSweeper(sweeper, custody.instance, caddyId),
      log: this.#log.named("supervisor.caddy"),
      onProcess: custody.onProcess,
      onGone: custody.onGone,
    });
  }

  /** A Caddy that was built with the Go module still works: what it is given holds no `supervisor` app. */
  async #tellOfModule(binary: string): Promise<void> {
    if (await containsModule(binary).catch(() => false)) {
      this.#log.log("info", "this caddy binary contains the supervisor module; it is not used", {
        caddy: binary,
      });
    }
  }

  /** Caddy first, so that requests in flight still find their processes. */
  async #stopAll(): Promise<void> {
    this.#pingback?.close();
    if (this.#forced) {
      await Promise.all([this.#caddy?.kill(), this.#app.kill()]);
      return;
    }
    await this.#caddy?.stop();
    await this.#app.stop();
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
