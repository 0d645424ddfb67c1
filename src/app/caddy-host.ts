import { containsModule } from "../caddy/binary.ts";
import { CaddyChild, caddyId } from "../caddy/child.ts";
import { Pingback } from "../caddy/pingback.ts";
import type { Document } from "../caddy/private-config.ts";
import type { Logger } from "../logging/logger.ts";
import type { Custody } from "./custody.ts";
import type { Config } from "./load-config.ts";
import { holdOf, realWorld, replicaSweeper } from "./make-supervisor.ts";
import type { CaddySlot } from "./reloader.ts";

export interface CaddyHostParts {
  readonly custody: Custody;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly logger: Logger;
  /** The binary for a configuration that needs one, after it has accepted its half. @throws SupervisorError */
  readonly findBinary: (config: Config) => Promise<string | undefined>;
  /** Whether anything may still be started. */
  readonly mayStart: () => boolean;
  /** Caddy is down for good though nobody stopped it here; `exitCode` is what we end with. */
  readonly onEnd: (exitCode: number) => void;
}

/** The place of stock Caddy beside us: there may be one or none, and a reload may start or stop it. */
export class CaddyHost implements CaddySlot {
  readonly #parts: CaddyHostParts;
  #child: CaddyChild | undefined;
  #pingback: Pingback | undefined;

  constructor(parts: CaddyHostParts) {
    this.#parts = parts;
  }

  /** Its private admin socket; undefined while none runs. */
  get socketPath(): string | undefined {
    return this.#child?.socketPath;
  }

  /** Starts it and resolves when it serves. @throws SupervisorError `CADDY_START` */
  async start(binary: string, document: Document): Promise<void> {
    const { custody, logger, mayStart, onEnd } = this.#parts;
    this.#pingback ??= await Pingback.listen(custody.caddySocketPath);
    // From here to the start nothing is awaited: a stop finds it, or finds that it is not to be started.
    if (!mayStart()) return;
    const child = this.#make(binary, document, this.#pingback);
    this.#child = child;
    try {
      await child.start();
    } catch (error) {
      this.#child = undefined;
      throw error;
    }
    void child.ended.then((end) => onEnd(end === "asked" ? 0 : 1));
    // One that was built with the Go module still works: what it is given holds no `supervisor` app.
    if (await containsModule(binary).catch(() => false)) {
      const message = "this caddy binary contains the supervisor module; it is not used";
      logger.log("info", message, { caddy: binary });
    }
  }

  async load(config: Config, force: boolean): Promise<void> {
    if (this.#child !== undefined) {
      await this.#child.load(config.document, force);
      return;
    }
    const binary = await this.#parts.findBinary(config);
    if (binary !== undefined) await this.start(binary, config.document);
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    this.#closePingback();
    await child?.stop();
  }

  async kill(): Promise<void> {
    this.#closePingback();
    await this.#child?.kill();
  }

  #closePingback(): void {
    this.#pingback?.close();
    this.#pingback = undefined;
  }

  #make(binary: string, document: Document, pingback: Pingback): CaddyChild {
    const { custody, env, cwd, logger } = this.#parts;
    const { clock, table, sweeper, groups } = realWorld(custody.holds);
    return new CaddyChild({
      binary,
      pingback,
      document,
      socketPath: custody.caddySocketPath,
      instance: custody.instance,
      env,
      cwd,
      clock,
      table,
      groups,
      sweeper: replicaSweeper(sweeper, custody.instance, caddyId),
      log: logger.named("supervisor.caddy"),
      hold: holdOf(custody.holds, custody.instance, caddyId),
      onProcess: custody.onProcess,
      onGone: custody.onGone,
    });
  }
}
