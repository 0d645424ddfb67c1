import { checkDocument } from "../caddy/document-shape.ts";
import { type Document, stripped } from "../caddy/private-config.ts";
import { isSame } from "../config/is-same.ts";
import { scaled } from "../config/scale.ts";
import type { Logger } from "../logging/logger.ts";
import { loggerSettings } from "../logging/settings.ts";
import { adaptDocument } from "./adapt-document.ts";
import type { App } from "./app.ts";
import type { ConfigDoor } from "./config-door.ts";
import { type Config, configFrom, type LoadOptions } from "./load-config.ts";
import type { PlannedChange } from "./succession.ts";

/** What a reload does, or would do. */
export interface ReloadReport {
  /** Both configurations are the same. */
  readonly isUnchanged: boolean;
  readonly changes: readonly PlannedChange[];
  /** What becomes of stock Caddy: it is not needed, left alone, given another configuration, started or stopped. */
  readonly caddy: "none" | "keep" | "load" | "start" | "stop";
}

/** A change of the endpoint that is prepared and can still be taken back. */
export interface EndpointMove {
  commit(): void;
  undo(): Promise<void>;
}

/** Stock Caddy, as a reload sees it. */
export interface CaddySlot {
  /** Hands it another document; without one running, starts it. @throws Error with Caddy's text; then the old one goes on */
  load(config: Config, force: boolean): Promise<void>;
  /** Has it check a document, without loading it. @throws Error with Caddy's text */
  check(config: Config): Promise<unknown>;
  /** The configuration has nothing for it to do any more. */
  stop(): Promise<void>;
}

export interface ReloaderParts {
  readonly app: App;
  readonly config: Config;
  readonly caddy: CaddySlot;
  readonly options: LoadOptions;
  /** Reads the configuration file again; undefined: there is none. */
  readonly readAgain: (() => Promise<Config>) | undefined;
  /** Prepares the endpoint for a document whose `admin` part is another. */
  readonly moveEndpoint: (config: Config) => Promise<EndpointMove | undefined>;
  /** What is done around each reload. */
  readonly around: <T>(reload: () => Promise<T>) => Promise<T>;
  /** Hears of each configuration that has become the running one. */
  readonly onCommit: (config: Config) => void;
  /** False once everything is to end. */
  readonly mayBegin: () => boolean;
  readonly logger: Logger;
}

/**
 * Replaces the running configuration: the one path for signals, commands and the API. Load, check both halves, plan; start what
 * is added; hand Caddy its half: its 200 is the commit point. Before it, every failure takes back what was begun, and nothing
 * has changed; after it there is no way back.
 */
export class Reloader implements ConfigDoor {
  readonly #parts: ReloaderParts;
  #config: Config;
  /** One after another. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: ReloaderParts) {
    this.#parts = parts;
    this.#config = parts.config;
  }

  document(): Document {
    return this.#config.document;
  }

  adapt(text: string, adapter: string): ReturnType<ConfigDoor["adapt"]> {
    return adaptDocument(text, adapter, this.#options);
  }

  change(edit: (document: unknown) => unknown, { force }: { force: boolean }): Promise<ReloadReport> {
    return this.#replace(async () => this.#apply(await this.#configOf(edit(this.document())), force));
  }

  /** Reads the configuration file again and loads it. @throws what loading throws; then nothing has changed */
  reload(force = false): Promise<ReloadReport> {
    return this.#replace(async () => this.#apply(await this.#readAgain(), force));
  }

  /** What loading this document (undefined: the configuration file as it is now) would do. @throws as loading it would */
  plan(document: unknown): Promise<ReloadReport> {
    return this.#inTurn(async () => {
      const config = await (document === undefined ? this.#readAgain() : this.#configOf(document));
      const { changes } = this.#parts.app.prepareReload(config);
      if (config.needsCaddy) await this.#parts.caddy.check(config);
      return this.#report(config, changes, { isUnchanged: this.#isUnchanged(config), force: false });
    });
  }

  /** Gives the one definition of this name another number of replicas. @throws SupervisorError `NO_PROCESS` */
  scale(name: string, replicas: number): Promise<ReloadReport> {
    return this.change((document) => scaled(document as Document, name, replicas), { force: false });
  }

  /** Resolves when no reload is under way: what it has begun is then the app's, or gone. */
  async settled(): Promise<void> {
    await this.#last;
  }

  async #readAgain(): Promise<Config> {
    const { readAgain } = this.#parts;
    if (readAgain === undefined)
      throw new Error("there is no configuration file to read again: it came from stdin, or was resumed");
    return readAgain();
  }

  async #configOf(document: unknown): Promise<Config> {
    checkDocument(document);
    const text = JSON.stringify(document ?? {});
    const config = await configFrom({ name: "config", text, adapter: "json" }, this.#options);
    return { ...config, ...this.#environment };
  }

  /** That of the running configuration: a reload may have read env files anew. */
  get #environment(): Pick<Config, "env"> {
    const { env } = this.#config;
    return env === undefined ? {} : { env };
  }

  get #options(): LoadOptions {
    return { ...this.#parts.options, ...this.#environment };
  }

  #isUnchanged(config: Config): boolean {
    const former = this.#config;
    return isSame([config.document, config.env ?? former.env], [former.document, former.env]);
  }

  #report(
    config: Config,
    changes: readonly PlannedChange[],
    { isUnchanged, force }: { isUnchanged: boolean; force: boolean },
  ): ReloadReport {
    const former = this.#config;
    const isOthers = force || !isSame(stripped(config.document), stripped(former.document));
    const caddy = config.needsCaddy
      ? (!former.needsCaddy && "start") || (isOthers && "load") || "keep"
      : (former.needsCaddy && "stop") || "none";
    return { isUnchanged, changes, caddy };
  }

  #replace<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTurn(() => this.#parts.around(work));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(() => {
      if (!this.#parts.mayBegin()) throw new Error("shutting down");
      return work();
    });
    this.#last = done.catch(() => {});
    return done;
  }

  async #apply(config: Config, force: boolean): Promise<ReloadReport> {
    const { app, caddy, moveEndpoint, logger } = this.#parts;
    const former = this.#config;
    const isUnchanged = this.#isUnchanged(config);
    if (isUnchanged && !force) {
      logger.log("info", "config is unchanged");
      return { isUnchanged, changes: [], caddy: config.needsCaddy ? "keep" : "none" };
    }
    const reload = app.prepareReload(config);
    const report = this.#report(config, reload.changes, { isUnchanged, force });
    let move: EndpointMove | undefined;
    try {
      await reload.begin();
      if (!isSame(config.document.admin, former.document.admin)) move = await moveEndpoint(config);
      if (report.caddy === "load" || report.caddy === "start") await caddy.load(config, force);
    } catch (error) {
      await Promise.all([move?.undo(), reload.rollBack()]);
      throw error;
    }
    this.#config = config;
    move?.commit();
    this.#parts.onCommit(config);
    logger.configure(loggerSettings(config.document, this.#options.env));
    if (report.caddy === "stop") await caddy.stop();
    await reload.commit();
    this.#tell(reload.changes);
    return report;
  }

  #tell(changes: readonly PlannedChange[]): void {
    const log = this.#parts.logger.named("supervisor");
    for (const { replica, action, why } of changes) {
      if (action !== "keep" || why.length > 0)
        log.log("info", "reload changes a replica", { process: replica, action, why });
    }
    const count = (kind: PlannedChange["action"]) => changes.filter(({ action }) => action === kind).length;
    log.log("info", "configuration reloaded", {
      kept: count("keep"),
      restarted: count("restart"),
      started: count("start"),
      stopped: count("stop"),
    });
  }
}
