import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { RestartPolicy } from "../../src/config/definition.ts";
import { GroupWatch } from "../../src/supervise/group-watch.ts";
import { lifeMarker, markerVariable, replicaMarker } from "../../src/supervise/marker.ts";
import { nodeClock } from "../../src/supervise/node-clock.ts";
import { NodeSpawner } from "../../src/supervise/node-spawner.ts";
import { linuxProcessTable } from "../../src/supervise/process-table.ts";
import { decideByPolicy } from "../../src/supervise/restart.ts";
import { Supervisor } from "../../src/supervise/supervisor.ts";
import { type MachineEvent, type State, transitions } from "../../src/supervise/transitions.ts";
import { TreeSweeper } from "../../src/supervise/tree-sweeper.ts";
import { fileWritten, until } from "../support/gates.ts";
import { programs } from "../support/program.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

/** 200 scripts in CI; the nightly run asks for more. */
const scripts = Number(process.env.SCRIPTS ?? 60);
const grace = 10_000;

/** What the table says must be the case. */
interface Model {
  state: State;
  readonly policy: RestartPolicy;
  broken: boolean;
  stubborn: boolean;
  /** Failures in a row, as far as the delay is concerned. */
  delay: number;
  remaining: number;
}

let instances = 0;

/** A supervisor of a real process, on a clock that the script moves. */
class Reality {
  readonly folder = mkdtempSync(join(tmpdir(), "puppet-"));
  readonly clock = new VirtualClock();
  readonly instance = `property-${process.pid}-${++instances}`;
  readonly supervisor: Supervisor;
  readonly #program = join(this.folder, "puppet.sh");
  readonly #pipe = join(this.folder, "pipe");

  constructor(policy: RestartPolicy) {
    spawnSync("mkfifo", [this.#pipe]);
    copyFileSync(join(programs, "puppet.sh"), this.#program);
    const sweeper = new TreeSweeper(linuxProcessTable, nodeClock);
    const marker = replicaMarker(this.instance, "0");
    this.supervisor = new Supervisor({
      options: {
        command: this.#program,
        args: [this.#pipe, join(this.folder, "done")],
        replica: 0,
        dir: "",
        env: [],
        redirectStdout: { type: "null" },
        redirectStderr: { type: "null" },
        restartPolicy: policy,
        terminationGracePeriod: BigInt(grace) * 1_000_000n,
        user: "",
        stopSignal: 2,
      },
      commandAsWritten: [this.#program],
      decide: decideByPolicy[policy],
      stopSteps: [{ signal: 2, wait: grace }],
      clock: this.clock,
      sweeper: {
        sweep: (leader) => sweeper.sweep({ marker, leaders: leader === undefined ? [] : [leader] }),
        sweepLater: () => {},
      },
      log: { log: (level, message) => expect([level, message]).not.toContain("event out of turn") },
      spawner: new NodeSpawner({
        request: (life) => ({
          command: this.#program,
          args: [this.#pipe, join(this.folder, "done")],
          dir: undefined,
          environment: { PATH: process.env.PATH, [markerVariable]: lifeMarker(this.instance, "0", life) },
          user: undefined,
          openOutputs: () => ({ stdout: "ignore", stderr: "ignore", close() {} }),
        }),
        table: linuxProcessTable,
        groups: new GroupWatch(linuxProcessTable, nodeClock),
      }),
    });
  }

  tell(order: string): void {
    // Opened for both, so that it does not wait for a reader.
    spawnSync("sh", ["-c", 'echo "$1" 1<> "$0" >&1', this.#pipe, order]);
  }

  async makeStubborn(): Promise<void> {
    rmSync(join(this.folder, "done"), { force: true });
    this.tell("stubborn");
    await fileWritten(join(this.folder, "done"));
  }

  setBroken(broken: boolean): void {
    chmodSync(this.#program, broken ? 0o644 : 0o755);
  }

  /** Living processes of this supervisor, wherever they are. */
  get alive(): number {
    const prefix = `${this.instance}:`;
    return linuxProcessTable
      .all()
      .filter(
        ({ dead, pid }) =>
          !dead && linuxProcessTable.environmentValue(pid, markerVariable)?.startsWith(prefix),
      ).length;
  }

  async agreesWith({ state }: Model): Promise<void> {
    await until(`state ${state}, it is ${this.supervisor.state}`, () => this.supervisor.state === state);
    expect(this.alive).toBe(runningStates.includes(state) ? 1 : 0);
  }

  async remove(): Promise<void> {
    await this.supervisor.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const runningStates: readonly State[] = ["started", "ready", "stopping", "killing"];

/** Takes an event of the script through the table, and then every event that follows by itself. */
function take(model: Model, event: MachineEvent): void {
  const { next, effects } = transitions[model.state][event];
  model.state = next;
  for (const effect of effects) followUps[effect]?.(model);
}

const ends: Readonly<Record<string, MachineEvent>> = {
  again: "endedAgain",
  done: "endedDone",
  failed: "endedFailed",
};

function end(model: Model, clean: boolean, started: boolean): void {
  const verdict = decideByPolicy[model.policy]({
    clean,
    uptime: 0,
    status: started ? { code: clean ? 0 : 1 } : undefined,
    life: 1,
  });
  model.remaining = clean ? 1_000 : model.delay;
  if (!clean) model.delay = Math.min(model.delay === 0 ? 1_000 : model.delay * 2, 300_000);
  model.stubborn = false;
  take(model, ends[verdict] ?? "endedFailed");
}

const followUps: Partial<Record<string, (model: Model) => void>> = {
  spawn: (model) => (model.broken ? end(model, false, false) : take(model, "spawned")),
  welcome: (model) => take(model, "readied"),
  signal: (model) => {
    if (!model.stubborn) end(model, false, true);
  },
  kill: (model) => {
    if (model.state === "killing") end(model, false, true);
  },
  watchGroup: (model) => take(model, "groupGone"),
  sweep: (model) => take(model, "swept"),
};

type Step = fc.AsyncCommand<Model, Reality>;

const step = (
  name: string,
  check: (model: Model) => boolean,
  run: (model: Model, reality: Reality) => void | Promise<void>,
): Step => ({
  check,
  async run(model, reality) {
    await run(model, reality);
    await reality.agreesWith(model);
  },
  toString: () => name,
});

const running = ({ state }: Model) => state === "ready";
const settled = ({ state }: Model) => state !== "stopping";

const start = step("start", settled, (model, { supervisor }) => {
  void supervisor.run();
  take(model, "start");
});
const exits = (code: number) =>
  step(`exit ${code}`, running, (model, reality) => {
    reality.tell(`exit ${code}`);
    end(model, code === 0, true);
  });
const killedFromOutside = step("killed from outside", running, (model, { supervisor }) => {
  process.kill(supervisor.pid ?? 0, "SIGKILL");
  end(model, false, true);
});
const stubborn = step(
  "stubborn",
  (model) => running(model) && !model.stubborn,
  async (model, reality) => {
    await reality.makeStubborn();
    model.stubborn = true;
  },
);
const breakOrMend = (broken: boolean) =>
  step(
    broken ? "break" : "mend",
    () => true,
    (model, reality) => {
      reality.setBroken(broken);
      model.broken = broken;
    },
  );
const ask = (event: "stop" | "kill" | "retry") =>
  step(
    event,
    () => true,
    (model, { supervisor }) => {
      void supervisor[event]();
      take(model, event);
    },
  );
const timePasses = step(
  "time passes",
  () => true,
  (model, { clock }) => {
    const waited = model.state === "waiting";
    const step = waited ? model.remaining : grace;
    clock.advance(step);
    if (waited) take(model, "due");
    else if (model.state === "stopping") take(model, "graceOver");
  },
);

it("real processes do what the table says, whatever the order", async () => {
  const steps = fc.commands(
    [
      fc.constant(start),
      fc.constant(start),
      fc.constantFrom(exits(0), exits(3)),
      fc.constant(killedFromOutside),
      fc.constant(stubborn),
      fc.constantFrom(breakOrMend(true), breakOrMend(false)),
      fc.constantFrom(ask("stop"), ask("kill"), ask("retry")),
      fc.constant(timePasses),
    ],
    { maxCommands: 15 },
  );
  const policies = fc.constantFrom<RestartPolicy>("always", "on_failure", "never");
  await fc.assert(
    fc.asyncProperty(policies, steps, async (policy, commands) => {
      const reality = new Reality(policy);
      const model: Model = { state: "idle", policy, broken: false, stubborn: false, delay: 0, remaining: 0 };
      try {
        await fc.asyncModelRun(() => ({ model, real: reality }), commands);
      } finally {
        reality.setBroken(false);
        await reality.remove();
        expect(reality.alive).toBe(0);
      }
    }),
    { numRuns: scripts },
  );
}, 600_000);
