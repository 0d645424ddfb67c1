import type { Logger } from "../logging/logger.ts";
import type { Clock, Timer } from "../supervise/ports.ts";
import type { NotifySender } from "./notify-sender.ts";

/** Hears where a run stands: what a service manager wants to know. `status` is a sentence for people. */
export interface Notifier {
  ready(status: string): void;
  reloading(): void;
  /** A reload is over, well or not. */
  reloaded(status: string): void;
  /** @param longest how long (ms) the stop may take; undefined: it is done at once */
  stopping(status: string, longest: number | undefined): void;
  /** Resolves when everything was said, or cannot be said. */
  close(): Promise<void>;
}

/** Nobody listens. */
export const silentNotifier: Notifier = {
  ready() {},
  reloading() {},
  reloaded() {},
  stopping() {},
  close: () => Promise.resolve(),
};

/** systemd ignores a message of more than 4096 bytes. */
const longestStatus = 1_000;
/** After the last signal a stop still has to find and kill what is left (ms). */
const sweepTime = 2_000;
/** A manager that does not listen holds up our end no longer than this (ms). */
const longestFarewell = 1_000;

export interface ServiceNotifierParts {
  /** Called once, when there is something to say. */
  readonly openSender: () => Promise<NotifySender>;
  /** How long (ms) the manager waits for a sign of life; undefined: it waits for none. */
  readonly watchdog: number | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * The conversation of sd_notify(3): READY, RELOADING and READY again, STOPPING, each with a STATUS, and signs of life when
 * they are asked for. One message after another; that one was not heard is told in our log once and changes nothing else.
 */
export class ServiceNotifier implements Notifier {
  readonly #parts: ServiceNotifierParts;
  readonly #unsent: string[] = [];
  #sending: Promise<void> | undefined;
  #sender: Promise<NotifySender> | undefined;
  #phase: "starting" | "running" | "stopping" = "starting";
  #hasFailed = false;
  #watchdog: Timer | undefined;

  constructor(parts: ServiceNotifierParts) {
    this.#parts = parts;
  }

  ready(status: string): void {
    this.#phase = "running";
    this.#say("READY=1", statusLine(status));
    this.#keepAlive();
  }

  reloading(): void {
    if (this.#phase !== "running") return;
    // libuv's high-resolution time is CLOCK_MONOTONIC; Type=notify-reload compares it with the time of its signal.
    const now = process.hrtime.bigint() / 1000n;
    this.#say("RELOADING=1", `MONOTONIC_USEC=${now}`, statusLine("reloading the configuration"));
  }

  reloaded(status: string): void {
    if (this.#phase === "running") this.#say("READY=1", statusLine(status));
  }

  stopping(status: string, longest: number | undefined): void {
    this.#phase = "stopping";
    const extend =
      longest === undefined ? [] : [`EXTEND_TIMEOUT_USEC=${Math.ceil(longest + sweepTime) * 1000}`];
    this.#say("STOPPING=1", statusLine(status), ...extend);
  }

  async close(): Promise<void> {
    this.#watchdog?.cancel();
    let timer: Timer | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = this.#parts.clock.after(longestFarewell, resolve);
    });
    await Promise.race([this.#sending, patience]);
    timer?.cancel();
    this.#unsent.length = 0;
  }

  /** Twice in the time that the manager waits for it, as sd_watchdog_enabled(3) advises. */
  #keepAlive(): void {
    const { watchdog, clock } = this.#parts;
    if (watchdog === undefined) return;
    this.#watchdog = clock.after(watchdog / 2, () => {
      // Behind others that wait it would say no more than they.
      if (this.#unsent.length === 0) this.#say("WATCHDOG=1");
      this.#keepAlive();
    });
  }

  #say(...lines: string[]): void {
    this.#unsent.push(lines.join("\n"));
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  async #send(): Promise<void> {
    const { openSender, log } = this.#parts;
    for (let text = this.#unsent.shift(); text !== undefined; text = this.#unsent.shift()) {
      try {
        this.#sender ??= openSender();
        await (await this.#sender)(text);
      } catch (error) {
        if (!this.#hasFailed)
          log.log("warn", "the service manager cannot be told", { error: (error as Error).message });
        this.#hasFailed = true;
      }
    }
  }
}

/** On one line: another one would be another variable. */
function statusLine(status: string): string {
  return `STATUS=${status.replace(/\s+/g, " ").slice(0, longestStatus)}`;
}
