import { packageFile } from "../caddy/package-file.ts";
import { guardMarker, markerVariable } from "../supervise/marker.ts";
import type { StartTethered, Tether } from "./tether.ts";

/**
 * Reads a pipe that only we hold. A line means an orderly end: go. End-of-file without a line means that we died: become
 * the sweep. `exec` keeps the guard at one process.
 */
const script = 'read -r orderly || exec "$@"';

/** How long a guard that somebody killed is left before the next one is started (ms). */
const respawnDelay = 1_000;
/** How long the guard may take to go at an orderly end (ms). */
const longestFarewell = 1_000;

/**
 * "We die, nothing is orphaned": a shell in a session of its own that costs nothing while we live, and sweeps the
 * instance when we are gone, however we went.
 */
export class Guard {
  readonly #sweep: readonly string[];
  readonly #start: StartTethered;
  readonly #onError: (error: Error) => void;
  #tether: Tether | undefined;
  #closed = false;
  #whenGone: (() => void) | undefined;

  /** `sweep`: what it sweeps, the arguments of guard-main.ts; `onError` hears that there is no guard for now. */
  constructor(sweep: readonly string[], start: StartTethered, onError: (error: Error) => void) {
    this.#sweep = sweep;
    this.#start = start;
    this.#onError = onError;
  }

  start(): void {
    const program = packageFile("dist/app/guard-main.js");
    // Not the marker of a supervisor above us, nor of ours: the sweep would kill the sweeper. And not none: it is no orphan.
    const env = { ...process.env, [markerVariable]: guardMarker };
    const sweep = [process.execPath, program, ...this.#sweep];
    const argv = ["/bin/sh", "-c", script, "caddy-supervisor-guard", ...sweep] as const;
    this.#tether = this.#start(
      { argv, env },
      {
        onFailed: (error) => {
          this.#onError(error);
          this.#startAgain();
        },
        onEnded: () => {
          this.#tether = undefined;
          this.#whenGone?.();
          this.#startAgain();
        },
      },
    );
  }

  /** Tells the guard that the end is orderly. Resolves when it is gone. */
  close(): Promise<void> {
    this.#closed = true;
    const tether = this.#tether;
    if (tether === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      // It may be held up (SIGSTOP): then it goes without a farewell, and before it can take us for dead.
      // Until it is gone: nothing else keeps a program going that uses the library.
      const impatience = setInterval(() => process.kill(tether.pid, "SIGKILL"), longestFarewell);
      this.#whenGone = () => {
        clearInterval(impatience);
        resolve();
      };
      tether.farewell("orderly\n");
    });
  }

  #startAgain(): void {
    if (!this.#closed) setTimeout(() => this.#closed || this.start(), respawnDelay).unref();
  }
}
