import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { RestartPolicy } from "../../src/config/definition.ts";
import { GroupWatch } from "../../src/supervise/group-watch.ts";
import { lifeMarker, markerVariable, replicaMarker } from "../../src/supervise/marker.ts";
import { nodeClock } from "../../src/supervise/node-clock.ts";
import { NodeSpawner } from "../../src/supervise/node-spawner.ts";
import { linuxProcessTable } from "../../src/supervise/process-table.ts";
import { Supervisor } from "../../src/supervise/supervisor.ts";
import { TreeSweeper } from "../../src/supervise/tree-sweeper.ts";
import { fileWritten } from "./gates.ts";
import { plainRules } from "./plain-rules.ts";
import { programs } from "./program.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** How long (ms, on the virtual clock) a puppet may take to stop. */
export const grace = 10_000;

let instances = 0;

/** A supervisor of a real process that does what it is told, on a clock that the test moves. */
export class Puppet {
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
      rules: plainRules(policy, [{ signal: 2, wait: grace }]),
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
    return (linuxProcessTable.all() ?? []).filter(
      ({ dead, pid }) => !dead && linuxProcessTable.environmentValue(pid, markerVariable)?.startsWith(prefix),
    ).length;
  }

  async remove(): Promise<void> {
    await this.supervisor.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
