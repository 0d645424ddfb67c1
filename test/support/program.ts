import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isAlive, until } from "./gates.ts";

export const repository = resolve(import.meta.dirname, "../..");
export const programs = join(repository, "test/programs");
const ownBin = join(repository, "bin/caddy-supervisor.js");

/** A folder for one test; everything in it is removed by {@link Sandbox.remove}. */
export class Sandbox {
  readonly folder = mkdtempSync(join(tmpdir(), "csv-"));
  readonly #runs: ProgramRun[] = [];

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  write(name: string, text: string | Buffer): string {
    writeFileSync(this.path(name), text);
    return this.path(name);
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  /** Copies a file or folder of the repository; without `to`, what a folder holds. */
  copy(from: string, to = "."): void {
    cpSync(join(repository, from), this.path(to), { recursive: true });
  }

  /** Starts the program in this folder. */
  start(args: readonly string[], settings: RunSettings = {}): ProgramRun {
    // What is saved for --resume stays in here.
    const env = { SANDBOX: this.folder, XDG_CONFIG_HOME: this.path("config"), ...settings.env };
    const run = new ProgramRun(args, { cwd: this.folder, ...settings, env });
    this.#runs.push(run);
    return run;
  }

  /** Runs the program to its end. */
  async run(args: readonly string[], settings: RunSettings = {}): Promise<Finished> {
    const run = this.start(args, settings);
    const code = await run.ended;
    return { code, stdout: run.stdout, stderr: run.stderr };
  }

  async remove(): Promise<void> {
    for (const run of this.#runs) run.killIfAlive();
    await Promise.all(this.#runs.map(({ ended }) => ended));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface RunSettings {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly input?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Default: the program of this repository. */
  readonly bin?: string;
  /** A program in front that becomes ours, with its arguments. */
  readonly through?: readonly string[];
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A line of our log. */
export interface Logged {
  readonly level: string;
  readonly msg: string;
  readonly logger?: string;
  readonly [field: string]: unknown;
}

/** One run of the real program. */
export class ProgramRun {
  stdout = "";
  stderr = "";
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(args: readonly string[], { input, env, bin = ownBin, through = [], ...settings }: RunSettings) {
    const [first = process.execPath, ...words] = [...through, process.execPath, bin, ...args];
    this.child = spawn(first, words, {
      ...settings,
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.child.stdin?.on("error", () => {});
    this.child.stdin?.end(input ?? "");
    this.child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      this.stdout += chunk;
    });
    this.child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.stderr += chunk;
    });
    // Not "close": a process that outlives us would hold our streams open.
    this.ended = new Promise((done) => {
      this.child.once("exit", (code) => {
        setImmediate(() => done(code));
      });
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get log(): Logged[] {
    return this.stderr.split("\n").flatMap((line) => {
      try {
        return [JSON.parse(line) as Logged];
      } catch {
        return [];
      }
    });
  }

  logged(message: string): Logged[] {
    return this.log.filter(({ msg, logger }) => msg === message && logger !== "supervisor.caddy");
  }

  /** Resolves with the first `count` log lines with this message. */
  waitFor(message: string, count = 1): Promise<Logged[]> {
    return until(`"${message}" in the log:\n${this.stderr}`, () => {
      const lines = this.logged(message);
      if (lines.length >= count) return lines;
      if (this.child.exitCode !== null) throw new Error(`it ended (${this.child.exitCode}):\n${this.stderr}`);
      return undefined;
    });
  }

  /** Everything runs. */
  async ready(): Promise<this> {
    const isOurs = ({ msg, logger }: Logged) =>
      msg === "serving initial configuration" && logger === "supervisor";
    await until(`readiness:\n${this.stderr}`, () => {
      if (this.child.exitCode !== null) throw new Error(`it ended (${this.child.exitCode}):\n${this.stderr}`);
      return this.log.some(isOurs);
    });
    return this;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    this.signal(signal);
    return this.ended;
  }

  killIfAlive(): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill("SIGKILL");
  }
}

/** The living processes that inherited the environment of a program started in this sandbox, itself left out. */
export function descendants(sandbox: Sandbox): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return (
          isAlive(pid) &&
          readFileSync(`/proc/${pid}/environ`, "latin1").includes(`SANDBOX=${sandbox.folder}\0`)
        );
      } catch {
        return false;
      }
    });
}

/** The path of the control socket of an instance. */
export function controlSocketOf(run: ProgramRun): Promise<string> {
  const isOfRun = (path: string) =>
    readFileSync(path.replace(/control\.sock$/, "lock"), "utf8").startsWith(`${run.pid} `);
  return until("the control socket", () => {
    const sockets = readFileSync("/proc/net/unix", "utf8").match(/\S+\/control\.sock/g) ?? [];
    return sockets.find((path) => existsSync(path) && isOfRun(path));
  });
}

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolvePort(port));
    });
  });
}
