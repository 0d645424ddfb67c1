import type { Logger } from "../logging/logger.ts";
import { realWorld } from "./make-supervisor.ts";
import type { Orphans } from "./orphans.ts";

/** When orphans below us are adopted, and that they end with us. Loads koffi, once: nobody's start waits for it, unless we are PID 1. */
export class OrphanCare {
  readonly #log: Logger;
  #adopting: Promise<Orphans | undefined> | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** The first process of a container inherits every orphan of it, and has to bury them. */
  async beInit(): Promise<void> {
    if ((await this.adopt()) !== undefined) return;
    this.#log.log("warn", "running as PID 1 without koffi: orphans are never reaped", {
      hint: "npm install koffi, or start us under tini (docker run --init)",
    });
  }

  adopt(): Promise<Orphans | undefined> {
    this.#adopting ??= import("./orphans.ts")
      .then(({ Orphans }) => Orphans.adopt(realWorld()))
      .catch((error: Error) => {
        // No descriptor was free to load it: that is no reason to end.
        this.#log.log("warn", "orphans are not inherited", { error: error.message });
        return undefined;
      });
    return this.#adopting;
  }

  /** Kills what is left when everything has stopped. */
  async sweep(instance: string): Promise<void> {
    await (await this.#adopting)?.sweep(instance, this.#log.named("supervisor"));
  }

  async stop(): Promise<void> {
    (await this.#adopting)?.stop();
  }
}
