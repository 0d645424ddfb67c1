import { SupervisorError } from "../errors.ts";
import type { Logger } from "../logging/logger.ts";
import type { App } from "./app.ts";
import type { Journal } from "./control/journal.ts";
import type { Custody } from "./custody.ts";
import type { Notifier } from "./notifier.ts";
import { statusText } from "./status-text.ts";
import { longestStop, stopTimeWarning } from "./stop-time.ts";

export interface AnnouncementsParts {
  readonly app: App;
  readonly journal: Journal;
  readonly notifier: Notifier;
  readonly logger: Logger;
  /** See {@link DaemonParts.stopTimeout}. */
  readonly stopTimeout: number | undefined;
  readonly hasCaddy: () => boolean;
}

/** What an instance tells of itself: to the service manager, in its journal, in the log. */
export class Announcements {
  readonly #parts: AnnouncementsParts;

  constructor(parts: AnnouncementsParts) {
    this.#parts = parts;
  }

  serving(): void {
    this.#parts.notifier.ready(this.#status());
  }

  /** Whoever started us hears of the beginning and the end of each reload. */
  async around<T>(reload: () => Promise<T>): Promise<T> {
    const { notifier, journal, hasCaddy } = this.#parts;
    notifier.reloading();
    try {
      const report = await reload();
      notifier.reloaded(this.#status());
      journal.record("reloaded", {});
      this.warnIfSlowToStop(hasCaddy());
      return report;
    } catch (error) {
      const { message } = error as Error;
      notifier.reloaded(`${this.#status()}; reload failed: ${message}`);
      journal.record("reload_failed", { error: message });
      throw error;
    }
  }

  /** @param isOrderly not everything is killed at once */
  stopping(why: string, isOrderly: boolean): void {
    const { app, notifier, stopTimeout, hasCaddy } = this.#parts;
    const longest = Math.min(longestStop(app.slowestStop, hasCaddy()), stopTimeout ?? Infinity);
    notifier.stopping(`shutting down: ${why}`, isOrderly ? longest : undefined);
  }

  /** @param hasCaddy as it is, or will be */
  warnIfSlowToStop(hasCaddy: boolean): void {
    const { app, logger, stopTimeout } = this.#parts;
    if (stopTimeout === undefined) return;
    const warning = stopTimeWarning(app.slowestStop, hasCaddy, stopTimeout);
    if (warning !== undefined) logger.named("supervisor").log("warn", warning);
  }

  /** @throws SupervisorError `INSTANCE_RUNS` when processes of a former run could not be killed */
  leftovers({ swept }: Custody): void {
    if (swept.killed.length > 0) {
      this.#parts.logger.named("supervisor").log("warn", "killed processes that a former run left behind", {
        processes: swept.killed.map(({ pid, name }) => ({ pid, name })),
      });
    }
    if (swept.survivors.length > 0) {
      const names = swept.survivors.map(({ pid, name }) => `${name} (${pid})`).join(", ");
      throw new SupervisorError("INSTANCE_RUNS", `processes of a former run cannot be killed: ${names}`);
    }
  }

  #status(): string {
    const { app, hasCaddy } = this.#parts;
    const { supervisors } = app;
    const running = supervisors.filter(({ pid }) => pid !== undefined);
    return statusText(supervisors.length, running.length, hasCaddy());
  }
}
