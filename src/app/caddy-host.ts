import { containsModule } from "../caddy/binary.ts";
import { CaddyChild, caddyId } from "../caddy/child.ts";
import { Pingback } from "../caddy/pingback.ts";
import type { Document } from "../caddy/private-config.ts";
import type { Logger } from "../logging/logger.ts";
import type { State } from "../supervise/transitions.ts";
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

  /** Undefined while none is wanted. */
  get status(): { readonly pid: number | undefined; readonly state: State } | undefined {
    return this.#child && { pid: this.#child.pid, state: this.#child.state };
  }

  /** Its private admin socket; undefined while none runs. */
  get socketPath(): string | undefined {
    return this.#child?.socketPath;
  }

  /** Starts it and resolves when it serves. @throws SupervisorError `CADDY_START` */
  async start(binary: string, document: Document): Promise<void> {
    const { custody, mayStart, onEnd } = this.#parts;
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
    void this.#tellOfModule(binary);
  }

  async load(config: Config, force: boolean): Promise<void> {
    if (this.#child !== undefined) {
      await this.#child.load(config.document, force);
      return;
    }
    const binary = await this.#parts.findBinary(config);
    if (binary !== undefined) await this.start(binary, config.document);
  }

  async check(config: Config): Promise<void> {
    await this.#parts.findBinary(config);
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#closePingback();
    await child?.stop();
    // Not before it is gone: a kill in the midst of its stop has to find it.
    if (this.#child === child) this.#child = undefined;
  }

  async kill(): Promise<void> {
    this.#closePingback();
    await this.#child?.kill();
  }

  /** One that was built with the Go module works as any other: what it is given holds no `supervisor` app. */
  async #tellOfModule(binary: string): Promise<void> {
    if (!(await containsModule(binary).catch(() => false))) return;
    const message = "this caddy binary contains the supervisor module; it is not used";
    this.#parts.logger.log("info", message, { caddy: binary });
  }

  #closePingback(): void {
    this.#pingback?.close();
    this.#pingback = undefined;
  }

  #make(binary: string, document: Document, pingback: Pingback): CaddyChild {
    const { custody, env, cwd, logger } = this.#parts;
    const { clock, table, sweeper, groups, starter } = realWorld({ holds: custody.holds });
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
      starter,
      sweeper: replicaSweeper(sweeper, custody.instance, caddyId),
      log: logger.named("supervisor.caddy"),
      hold: holdOf(custody.holds, custody.instance, caddyId),
      onProcess: custody.onProcess,
      onGone: custody.onGone,
    });
  }
}
