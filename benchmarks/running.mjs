// One supervisor under measurement, with the processes that it runs.
import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { cpuOf, pssOf, treeOf, withEnvironment } from "./proc.mjs";

/** Nanoseconds on the clock that the processes use too (CLOCK_MONOTONIC). */
export const now = () => Number(process.hrtime.bigint());
const pollMs = 2;
const longestWaitMs = 60_000;

/**
 * What is to be run.
 * @typedef {{ replicas: number, mode?: "wait" | "stubborn" | "crash" | "flood", output?: "null" | "file" | "managed" | "log",
 *   bytes?: number, rollSize?: string, definitions?: number, logPipe?: boolean }} Load
 */

export class Running {
  /** @type {{ pid: number, at: number }[]} */
  records = [];
  #upAt = 0;

  /**
   * @param system an adapter of systems/: `prepare(load, place)` writes its configuration and says how it is started
   * @param {Load} load
   * @param {{ scratch: string, child: string, node: string }} bench
   */
  constructor(system, load, bench, nodeFlags = []) {
    this.system = system;
    this.load = load;
    this.folder = mkdtempSync(join(bench.scratch, `${system.name}-`));
    this.child = bench.child;
    this.node = bench.node;
    this.nodeFlags = nodeFlags;
    this.output = join(this.folder, "output.log");
    const [up, alive, gate] = ["up", "alive", "gate"].map((name) => join(this.folder, name));
    this.gate = gate;
    writeFileSync(up, "");
    spawnSync("mkfifo", [alive, gate]);
    this.upFile = openSync(up, "r");
    // Without a writer it opens at once, and the processes find their reader.
    this.alive = openSync(alive, constants.O_RDONLY | constants.O_NONBLOCK);
    const home = join(this.folder, "home");
    mkdirSync(home);
    this.env = {
      PATH: process.env.PATH,
      HOME: home,
      BENCH_FOLDER: this.folder,
      BENCH_UP: up,
      BENCH_ALIVE: alive,
      BENCH_GATE: gate,
      BENCH_MODE: load.mode ?? "wait",
      BENCH_BYTES: String(load.bytes ?? 0),
    };
    this.start = system.prepare(this);
  }

  /** Starts the supervisor. Resolves with the time (ns) at which all replicas had announced themselves. */
  async launch() {
    const { command, args, env = {} } = this.start;
    const descriptors = ["stdout", "stderr"].map((name) => openSync(join(this.folder, name), "a"));
    if (this.load.logPipe) descriptors[1] = this.#throughPipe(descriptors[1]);
    this.startedAt = now();
    this.process = spawn(command, args, {
      cwd: this.folder,
      env: { ...this.env, ...env },
      stdio: ["ignore", ...descriptors],
    });
    this.ended = new Promise((resolve) => this.process.once("exit", () => resolve(now())));
    for (const descriptor of descriptors) closeSync(descriptor);
    return this.recordsUpTo(this.load.replicas);
  }

  /** A pipe whose reader writes into this file: as in a container, whose engine reads the log. */
  #throughPipe(file) {
    const path = join(this.folder, "log-pipe");
    spawnSync("mkfifo", [path]);
    // For both ends, so that it opens at once.
    const pipe = openSync(path, constants.O_RDWR);
    spawn("cat", [path], { stdio: ["ignore", file, "ignore"], env: this.env });
    closeSync(file);
    return pipe;
  }

  get pid() {
    return this.process.pid;
  }

  /** Waits for so many announcements in all, and gives the time (ns) of the last of them. */
  async recordsUpTo(count, patience = longestWaitMs) {
    const end = performance.now() + patience;
    while (this.look() < count) {
      if (performance.now() > end)
        throw new Error(`${this.system.name}: ${this.records.length} of ${count} announced; ${this.folder}`);
      await after(pollMs);
    }
    return Math.max(...this.records.slice(0, count).map(({ at }) => at));
  }

  /** Reads what was announced since; gives the number of all announcements. */
  look() {
    const chunk = Buffer.alloc(64 * 1024);
    for (;;) {
      const length = readSync(this.upFile, chunk, 0, chunk.length, this.#upAt);
      const text = chunk.toString("latin1", 0, length);
      const whole = text.lastIndexOf("\n") + 1;
      if (whole === 0) return this.records.length;
      this.#upAt += whole;
      for (const line of text.slice(0, whole - 1).split("\n")) {
        const [pid, at] = line.split(" ").map(Number);
        this.records.push({ pid, at });
      }
    }
  }

  /** The supervisor and all its helpers; not the processes that it runs. */
  supervisingPids() {
    this.look();
    const supervised = new Set(this.records.map(({ pid }) => pid));
    return treeOf(this.pid).filter((pid) => !supervised.has(pid));
  }

  /** MB. */
  pss() {
    return this.supervisingPids().reduce((sum, pid) => sum + pssOf(pid), 0) / 1024;
  }

  /** Seconds, of those that live now. */
  cpu() {
    return this.supervisingPids().reduce((sum, pid) => sum + cpuOf(pid), 0) / 1e9;
  }

  /** Asks for the end of everything. Resolves with when (ns) the last process was gone, and the supervisor. */
  async stop() {
    const gone = this.#lastGone();
    const askedAt = now();
    this.system.stop(this);
    const [goneAt, endedAt] = await Promise.all([gone, this.start.staysAfterStop ? now() : this.ended]);
    return { askedAt, goneAt, endedAt: this.start.staysAfterStop ? goneAt : endedAt };
  }

  /** Opens the gate before which flooding processes wait. */
  async openGate() {
    for (;;) {
      try {
        return closeSync(openSync(this.gate, constants.O_WRONLY | constants.O_NONBLOCK));
      } catch {
        await after(pollMs);
      }
    }
  }

  /** What the supervisor wrote to its own stream. */
  ownLog(name = "stderr") {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** Kills whatever is left of it, and removes its files. */
  async dispose() {
    for (;;) {
      const left = withEnvironment(`BENCH_FOLDER=${this.folder}\0`);
      if (left.length === 0) break;
      for (const pid of left) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // Gone in the meantime.
        }
      }
      await after(pollMs);
    }
    await this.ended;
    closeSync(this.upFile);
    closeSync(this.alive);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #lastGone() {
    const reader = new Socket({
      fd: openSync(`/proc/self/fd/${this.alive}`, constants.O_RDONLY | constants.O_NONBLOCK),
      readable: true,
      writable: false,
    });
    reader.resume();
    return new Promise((resolve) => reader.once("end", () => resolve(now())));
  }
}
