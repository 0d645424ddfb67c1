import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { planReplicas, type ReplicaPlan } from "../../src/config/options.ts";
import { takeFifo } from "../../src/output/fifo.ts";
import { LogFiles } from "../../src/output/log-files.ts";
import { ReplicaOutputs } from "../../src/output/replica-outputs.ts";
import { GroupWatch } from "../../src/supervise/group-watch.ts";
import { errnoText } from "../../src/supervise/lookup.ts";
import { lifeMarker, markerVariable, replicaMarker } from "../../src/supervise/marker.ts";
import { openStarter } from "../../src/supervise/native-starter.ts";
import { nodeClock } from "../../src/supervise/node-clock.ts";
import { NodeSpawner } from "../../src/supervise/node-spawner.ts";
import type { SpawnListener } from "../../src/supervise/ports.ts";
import { linuxProcessTable } from "../../src/supervise/process-table.ts";
import { Supervisor } from "../../src/supervise/supervisor.ts";
import type { SupervisorRules } from "../../src/supervise/supervisor-parts.ts";
import { TreeSweeper } from "../../src/supervise/tree-sweeper.ts";
import { isAlive, until } from "./gates.ts";
import { programs } from "./program.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** What keeps a puppet from being started: the first two for real, the others as the system would tell them. */
export type Fault = "ENOENT" | "EACCES" | "EMFILE" | "EAGAIN" | "ENOMEM";

/** How Node tells a fault: some it throws at once, others come as an event of the next tick. */
export const toldLater: readonly Fault[] = ["EAGAIN", "ENOMEM"];

const target = { type: "log", format: "raw", level: "info", onFull: "block" } as const;
const pollInterval = 1;
const sweeper = new TreeSweeper(linuxProcessTable, nodeClock);
const groups = new GroupWatch(linuxProcessTable, nodeClock);
const starter = await openStarter();
let instances = 0;

export interface PuppetParts {
  /** May be shared by puppets that follow one another. */
  readonly folder: string;
  readonly rules: SupervisorRules;
  /** Whether it has a probe, which the test answers. */
  readonly probed: boolean;
}

/**
 * A supervisor of a real process that does what it is told, on a clock that the test moves. What it writes goes through
 * a pipe to a log that has room when the test says so.
 */
export class Puppet {
  readonly clock = new VirtualClock();
  readonly instance = `property-${process.pid}-${++instances}`;
  readonly supervisor: Supervisor;
  /** The lives that have ended or could not begin, in the order in which that was told. */
  readonly ends: number[] = [];
  readonly lines: string[] = [];
  fault: Fault | undefined;
  hasRoom = true;
  becomeReady: () => void = () => {};
  readonly #program: string;
  readonly #report: string;
  readonly #orders = takeFifo();
  readonly #outputs: ReplicaOutputs;
  #waiters: (() => void)[] = [];
  /** A process that bears another mark, or none, keeps it: its environment is read once. */
  readonly #strangers = new Set<string>();

  constructor({ folder, rules, probed }: PuppetParts) {
    this.#program = join(folder, "puppet.sh");
    this.#report = join(folder, "report");
    copyFileSync(join(programs, "puppet.sh"), this.#program);
    const args = [`/proc/${process.pid}/fd/${this.#orders.descriptor}`, this.#report];
    const [planned] = planReplicas({ command: [this.#program, ...args] });
    const plan: ReplicaPlan = { ...planned!, stdout: target, stderr: { type: "null" } };
    this.#outputs = new ReplicaOutputs(plan, folder, {
      files: new LogFiles(() => {}),
      records: {
        of: () => ({ write: ({ message }) => this.lines.push(message), writeLines: () => 0 }),
        hasRoom: () => this.hasRoom,
        whenRoom: (callback) => this.#waiters.push(callback),
      },
      terminal: {},
      tell: () => {},
    });
    const marker = replicaMarker(this.instance, "0");
    const real = new NodeSpawner({
      request: (life) => ({
        command: this.#program,
        args,
        dir: undefined,
        environment: { PATH: process.env.PATH, [markerVariable]: lifeMarker(this.instance, "0", life) },
        openOutputs: () => this.#outputs.open(),
      }),
      table: linuxProcessTable,
      groups,
      starter,
    });
    this.supervisor = new Supervisor({
      options: plan.options,
      commandAsWritten: plan.commandAsWritten,
      rules,
      clock: this.clock,
      sweeper: {
        sweep: (leader) => sweeper.sweep({ marker, leaders: leader === undefined ? [] : [leader] }),
        sweepLater: () => {},
      },
      log: { log: (_level, message) => expect(message).not.toBe("event out of turn") },
      spawner: { spawn: (life, listener) => this.#failsBySystem(listener) || real.spawn(life, listener) },
      ...(probed ? { probe: { watch: (_process, onReady) => this.#watch(onReady) } } : {}),
    });
    this.supervisor.on("exited", ({ life }) => this.ends.push(life));
    this.supervisor.on("failed", ({ life }) => this.ends.push(life));
  }

  tell(order: string): void {
    writeSync(this.#orders.descriptor, `${order}\n`);
  }

  async makeStubborn(): Promise<void> {
    rmSync(this.#report, { force: true });
    this.tell("stubborn");
    await this.#reported("stubborn");
  }

  /** Makes it write more than a pipe holds, and waits until it has, or until it cannot go on. */
  async flood(): Promise<void> {
    rmSync(this.#report, { force: true });
    this.tell(`flood ${this.supervisor.life}`);
    await this.#reported(this.hasRoom ? "flooded" : "flooding");
    if (!this.hasRoom) await this.#blocked();
  }

  stall(): void {
    this.hasRoom = false;
  }

  /** The log has room again; waits for the end of the flood that was held up. */
  async makeRoom(isFlooding: boolean): Promise<void> {
    this.hasRoom = true;
    for (const waiter of this.#waiters.splice(0)) waiter();
    if (isFlooding) await this.#reported("flooded");
  }

  async setFault(fault: Fault | undefined): Promise<void> {
    await this.#begun();
    const hidden = `${this.#program}.away`;
    if (existsSync(hidden)) renameSync(hidden, this.#program);
    chmodSync(this.#program, fault === "EACCES" ? 0o644 : 0o755);
    if (fault === "ENOENT") renameSync(this.#program, hidden);
    this.fault = fault;
  }

  /** Living processes of this supervisor, wherever they are. */
  get alive(): number {
    const prefix = `${this.instance}:`;
    return (linuxProcessTable.all() ?? []).filter(({ dead, pid, startTime }) => {
      // Its environment is not there yet in the first moment (execve(2)).
      if (!dead && pid === this.supervisor.pid) return true;
      const identity = `${pid}:${startTime}`;
      if (dead || this.#strangers.has(identity)) return false;
      const isOurs = linuxProcessTable.environmentValue(pid, markerVariable)?.startsWith(prefix) ?? false;
      if (!isOurs) this.#strangers.add(identity);
      return isOurs;
    }).length;
  }

  async remove(): Promise<void> {
    await this.supervisor.kill();
    await this.setFault(undefined);
    await this.#outputs.close();
    closeSync(this.#orders.descriptor);
  }

  #failsBySystem({ onFailed }: SpawnListener): boolean {
    const { fault } = this;
    if (fault === undefined || fault === "ENOENT" || fault === "EACCES") return false;
    const fail = () => onFailed(`fork/exec ${this.#program}: ${errnoText({ code: fault })}`);
    if (toldLater.includes(fault)) process.nextTick(fail);
    else fail();
    return true;
  }

  #watch(onReady: () => void): () => void {
    this.becomeReady = onReady;
    return () => {
      this.becomeReady = () => {};
    };
  }

  /** What runs has opened its script: its shell does so by name, some time after the process has begun. */
  async #begun(): Promise<void> {
    const { pid } = this.supervisor;
    if (pid !== undefined)
      await until("the puppet's shell", () => !isAlive(pid) || this.#hasOpen(pid), pollInterval);
  }

  #hasOpen(pid: number): boolean {
    try {
      const files = readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
      return files.some((file) => file.startsWith(this.#program));
    } catch {
      // A descriptor was closed meanwhile, or the process has ended.
      return false;
    }
  }

  #reported(word: string): Promise<unknown> {
    const said = () => existsSync(this.#report) && readFileSync(this.#report, "utf8").trim() === word;
    return until(`the puppet to be ${word}`, said, pollInterval);
  }

  /** It sleeps at two looks in a row: it waits for room in the pipe. */
  async #blocked(): Promise<void> {
    let looks = 0;
    const sleeps = () => {
      const stat = readFileSync(`/proc/${this.supervisor.pid}/stat`, "latin1");
      looks = stat.slice(stat.lastIndexOf(")") + 2).startsWith("S") ? looks + 1 : 0;
      return looks > 1;
    };
    await until("the puppet to be held up", sleeps, 2 * pollInterval);
  }
}
