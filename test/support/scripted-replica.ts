import type { RestartPolicy } from "../../src/config/definition.ts";
import type { Options } from "../../src/config/options.ts";
import type { ExitStatus } from "../../src/supervise/exit-status.ts";
import type {
  LogLevel,
  ReadinessProbe,
  RunningProcess,
  RunUsage,
  Spawner,
  SpawnListener,
  Sweeper,
  SweepResult,
} from "../../src/supervise/ports.ts";
import { Supervisor } from "../../src/supervise/supervisor.ts";

import type { StopAttempt, SupervisorRules } from "../../src/supervise/supervisor-parts.ts";
import { plainRules } from "./plain-rules.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** Processes that exist only on paper: the test says when each is born, ends, or ignores a signal. */
export class PaperProcesses implements Spawner {
  readonly signals: number[] = [];
  readonly starts: number[] = [];
  /** What a spawn does at once; `undefined`: nothing, the test answers later. */
  answer: "spawned" | "failed" | undefined = "spawned";
  /** Signals that end the process at once. */
  obeys: readonly number[] = [2, 9, 15];
  live = 0;
  /** Whether other processes of the group go on after the leader; {@link endGroup} ends them. */
  groupOutlives = false;
  endGroup: () => void = () => {};
  /** What its control group has counted; undefined: it has none. */
  usage: RunUsage | undefined;
  coreFile: string | undefined;
  #listener: SpawnListener | undefined;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  spawn(_life: number, listener: SpawnListener): void {
    this.starts.push(this.#clock.now());
    this.#listener = listener;
    if (this.answer === "spawned") this.born();
    else if (this.answer === "failed") this.stillborn();
  }

  /** Whether a spawn waits for its answer. */
  pending(): boolean {
    return this.#listener !== undefined && this.live === 0;
  }

  born(): void {
    this.live++;
    const pid = 1000 + this.starts.length;
    const process: RunningProcess = {
      pid,
      startTime: String(pid),
      signal: () => true,
      signalGroup: (signal) => {
        this.signals.push(signal);
        if (this.obeys.includes(signal)) this.ends({ signal });
        return true;
      },
      clearGroup() {},
      coreFile: () => this.coreFile,
      ...(this.usage === undefined ? {} : { usage: () => this.usage as RunUsage }),
      whenGroupGone: (onGone) => {
        if (this.groupOutlives) {
          this.endGroup = onGone;
          return () => {
            this.endGroup = () => {};
          };
        }
        const timer = this.#clock.after(0, onGone);
        return () => timer.cancel();
      },
    };
    this.#listener?.onSpawned(process);
  }

  stillborn(): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.onFailed("fork/exec ./app: no such file or directory");
  }

  ends(status: ExitStatus): void {
    if (this.live === 0) return;
    this.live--;
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.onExited(status);
  }
}

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A supervisor on a virtual clock with paper processes. */
export function scriptedReplica(
  settings: {
    policy?: RestartPolicy;
    stopAttempts?: readonly StopAttempt[];
    rules?: Partial<SupervisorRules>;
    /** What the jitter gets. */
    random?: number;
    wasOutOfMemory?: () => boolean;
    probe?: ReadinessProbe;
    sweep?: () => Promise<SweepResult>;
  } = {},
) {
  const clock = new VirtualClock();
  const processes = new PaperProcesses(clock);
  const log: LogLine[] = [];
  const sweeps = { background: 0, atStop: 0 };
  const sweeper: Sweeper = {
    sweep() {
      sweeps.atStop++;
      return settings.sweep?.() ?? Promise.resolve({ killed: [], survivors: [] });
    },
    sweepLater() {
      sweeps.background++;
    },
  };
  const policy = settings.policy ?? "always";
  const options: Options = {
    command: "app",
    args: ["--port", "8000"],
    replica: 0,
    dir: "",
    env: [],
    redirectStdout: { type: "stdout" },
    redirectStderr: { type: "stderr" },
    restartPolicy: policy,
    terminationGracePeriod: 10_000_000_000n,
    user: "",
    stopSignal: 2,
  };
  const supervisor = new Supervisor({
    options,
    commandAsWritten: ["app", "--port", "{{add 8000 .Replica}}"],
    rules: { ...plainRules(policy, settings.stopAttempts), ...settings.rules },
    random: () => settings.random ?? 0,
    ...(settings.wasOutOfMemory === undefined ? {} : { wasOutOfMemory: settings.wasOutOfMemory }),
    clock,
    spawner: processes,
    sweeper,
    log: { log: (level, message, fields) => log.push({ level, message, fields }) },
    ...(settings.probe === undefined ? {} : { probe: settings.probe }),
  });
  return { supervisor, clock, processes, log, sweeps };
}
