import { defaultBackoff } from "../config/restart-plan.ts";
import { SupervisorError } from "../errors.ts";
import { processEnvironment } from "../supervise/environment.ts";
import type { GroupWatch } from "../supervise/group-watch.ts";
import { lifeMarker } from "../supervise/marker.ts";
import { NodeSpawner } from "../supervise/node-spawner.ts";
import type { Clock, Hold, ProcessIdentity, ReplicaLog, Sweeper } from "../supervise/ports.ts";
import type { ProcessTable } from "../supervise/process-table.ts";
import type { Decide } from "../supervise/restart.ts";
import type { Starter } from "../supervise/starter.ts";
import { Supervisor } from "../supervise/supervisor.ts";
import type { StopReport } from "../supervise/supervisor-parts.ts";
import type { State } from "../supervise/transitions.ts";
import { callAdmin } from "./admin-client.ts";
import type { Pingback } from "./pingback.ts";
import { type Document, privateDocument } from "./private-config.ts";
import { caddyStopAttempts } from "./stop-attempts.ts";

/** The name of Caddy among the replicas of an instance. */
export const caddyId = "caddy";

/** Caddy that ends with 0 was asked to; before it ever served, 1 means that its configuration cannot run. */
const decide: Decide = ({ clean, status, wasReady }) => {
  if (clean) return "done";
  return !wasReady && (status === undefined || status.code === 1) ? "failed" : "again";
};

export interface CaddyParts {
  /** Absolute path. */
  readonly binary: string;
  /** Where it calls back when it serves. */
  readonly pingback: Pingback;
  /** The whole document; our app is taken out of what Caddy sees. */
  readonly document: Document;
  /** Where its private admin endpoint listens, in a folder that only we may enter. */
  readonly socketPath: string;
  readonly instance: string;
  readonly env: NodeJS.ProcessEnv;
  /** Its relative paths begin where the user's do. */
  readonly cwd: string;
  readonly clock: Clock;
  readonly table: ProcessTable;
  readonly groups: GroupWatch;
  readonly starter: Starter;
  readonly sweeper: Sweeper;
  readonly log: ReplicaLog;
  /** Makes what holds one of its lives, if anything does. */
  readonly hold: (life: number) => Hold | undefined;
  readonly onProcess: (process: ProcessIdentity) => void;
  readonly onGone: (pid: number) => void;
}

/** How Caddy ended for good: `asked` (its own exit 0), or it failed at its first start. */
export type CaddyEnd = "asked" | "failed";

/**
 * Stock Caddy as our child: fed with JSON on stdin, in a session of its own, on our stdout and stderr. When it crashes
 * it is started again with back-off, on the last committed document.
 */
export class CaddyChild {
  readonly socketPath: string;
  /** Resolves when Caddy is down for good without our having stopped it. */
  readonly ended: Promise<CaddyEnd>;
  readonly #supervisor: Supervisor;
  /** The last one that Caddy has accepted: with it, it is started again. */
  #document: Document;

  constructor(parts: CaddyParts) {
    this.#document = parts.document;
    const { binary, pingback, socketPath, instance, env, cwd } = parts;
    const args = ["run", "--config", "-", "--pingback", pingback.address];
    this.socketPath = socketPath;
    this.#supervisor = new Supervisor({
      options: {
        command: binary,
        args,
        replica: 0,
        dir: cwd,
        env: [],
        redirectStdout: { type: "stdout" },
        redirectStderr: { type: "stderr" },
        restartPolicy: "on_failure",
        terminationGracePeriod: 3_000_000_000n,
        user: "",
        stopSignal: 15,
      },
      commandAsWritten: [binary, ...args],
      rules: {
        decide,
        stopAttempts: caddyStopAttempts,
        backoff: defaultBackoff,
        limit: undefined,
        successExitCodes: [0],
      },
      clock: parts.clock,
      sweeper: parts.sweeper,
      log: parts.log,
      probe: pingback,
      spawner: new NodeSpawner({
        request: (life) => ({
          command: binary,
          args,
          dir: cwd,
          environment: processEnvironment({ own: env, marker: lifeMarker(instance, caddyId, life) }),
          openOutputs: () => ({ stdout: 1, stderr: 2, close() {} }),
          input: JSON.stringify(privateDocument(this.#document, socketPath)),
        }),
        table: parts.table,
        groups: parts.groups,
        starter: parts.starter,
        hold: parts.hold,
        onProcess: parts.onProcess,
        onGone: parts.onGone,
      }),
    });
    this.ended = new Promise((resolve) => {
      this.#supervisor.on("state", (state) => {
        if (state === "exited") resolve("asked");
        if (state === "failed") resolve("failed");
      });
    });
  }

  get state(): State {
    return this.#supervisor.state;
  }

  get pid(): number | undefined {
    return this.#supervisor.pid;
  }

  /**
   * Starts Caddy and resolves when it serves.
   *
   * @throws SupervisorError `CADDY_START` when it ends instead; its own message is on stderr already
   */
  async start(): Promise<void> {
    const ready = new Promise<void>((resolve) => this.#supervisor.once("ready", () => resolve()));
    this.#supervisor.begin();
    await Promise.race([
      ready,
      this.ended.then(() => {
        throw new SupervisorError("CADDY_START", "Caddy did not start");
      }),
    ]);
  }

  /**
   * Hands it another document; it serves on without a gap. `force`: also when it is the same.
   *
   * @throws SupervisorError `CADDY_CONFIG` with Caddy's text; then it goes on with the old one
   */
  async load(document: Document, force: boolean): Promise<void> {
    const text = JSON.stringify(privateDocument(document, this.socketPath));
    const { status, body } = await callAdmin(
      this.socketPath,
      "POST",
      "/load",
      text,
      force ? { "cache-control": "must-revalidate" } : {},
    ).catch((cause: Error) => {
      throw new SupervisorError("CADDY_CONFIG", `Caddy cannot be reached: ${cause.message}`, { cause });
    });
    if (status !== 200) throw new SupervisorError("CADDY_CONFIG", refusal(body));
    this.#document = document;
  }

  /** SIGTERM, after 3 s SIGQUIT, after one more second SIGKILL. */
  stop(): Promise<StopReport> {
    return this.#supervisor.stop();
  }

  kill(): Promise<StopReport> {
    return this.#supervisor.kill();
  }
}

/** What Caddy says in `{"error":"…"}`. */
function refusal(body: string): string {
  try {
    return (JSON.parse(body) as { error: string }).error;
  } catch {
    return body.trim();
  }
}
