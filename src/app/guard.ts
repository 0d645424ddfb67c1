import { type ChildProcess, spawn } from "node:child_process";
import { packageFile } from "../caddy/package-file.ts";
import { guardMarker, markerVariable } from "../supervise/marker.ts";

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
  readonly #instance: string;
  readonly #stateFile: string;
  readonly #onError: (error: Error) => void;
  #child: ChildProcess | undefined;
  #closed = false;

  /** `instance` is the run's full name; `onError` hears that there is no guard for now. */
  constructor(instance: string, stateFile: string, onError: (error: Error) => void) {
    this.#onError = onError;
    this.#instance = instance;
    this.#stateFile = stateFile;
  }

  start(): void {
    const program = packageFile("dist/app/guard-main.js");
    // Not the marker of a supervisor above us, nor of ours: the sweep would kill the sweeper. And not none: it is no orphan.
    const env = { ...process.env, [markerVariable]: guardMarker };
    const child = spawn(
      "/bin/sh",
      ["-c", script, "caddy-supervisor-guard", process.execPath, program, this.#instance, this.#stateFile],
      {
        detached: true,
        cwd: "/",
        env,
        stdio: ["pipe", "ignore", "ignore"],
      },
    );
    const startAgain = () => {
      if (!this.#closed) setTimeout(() => this.#closed || this.start(), respawnDelay).unref();
    };
    child.on("error", (error) => {
      this.#onError(error);
      startAgain();
    });
    child.stdin?.on("error", () => {});
    child.once("exit", startAgain);
    // It must not keep us alive.
    child.unref();
    (child.stdin as (typeof child.stdin & { unref?(): void }) | null)?.unref?.();
    this.#child = child;
  }

  /** Tells the guard that the end is orderly. Resolves when it is gone. */
  close(): Promise<void> {
    this.#closed = true;
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null)
      return Promise.resolve();
    return new Promise((resolve) => {
      child.ref();
      // It may be held up (SIGSTOP): then it goes without a farewell, and before it can take us for dead.
      const impatience = setTimeout(() => child.kill("SIGKILL"), longestFarewell);
      child.once("exit", () => {
        clearTimeout(impatience);
        resolve();
      });
      child.stdin?.end("orderly\n");
    });
  }
}
