import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { isAlive, until } from "../support/gates.ts";
import { type ProgramRun, programs, type Sandbox } from "../support/program.ts";
import { doubles, guardOf, guards, type Marked, markedProcesses } from "./family-tree.ts";
import type { FullDisk } from "./numbered-lines.ts";

/** What markers call the replicas of the Caddyfile below: by their number. */
export const families = ["0", "1"];
const web = "3";
/** What is always to be up; the last replica comes and goes by itself. */
export const replicas = [...families, "2", web];
export const caddy = "caddy";
const steady = [...replicas, caddy];

interface Ports {
  readonly site: number;
  readonly admin: number;
  readonly upstream: number;
}

/** The program under attack, what it runs, and what is asked of it all the time. */
export class Arena {
  readonly runs: ProgramRun[] = [];
  readonly fullDisks: FullDisk[] = [];
  readonly #sandbox: Sandbox;
  readonly #disk: string;
  readonly #site: string;
  #instance: string | undefined;
  #ready = false;

  constructor(sandbox: Sandbox, disk: string, { site, admin, upstream }: Ports) {
    this.#sandbox = sandbox;
    this.#disk = disk;
    this.#site = `http://127.0.0.1:${site}/`;
    const backoff = "backoff {\n initial 10ms\n max 200ms\n }\n termination_grace_period 2s";
    sandbox.write(
      "Caddyfile",
      `{
 admin localhost:${admin}
 auto_https off
 supervisor {
  sh ${programs}/family.sh "${sandbox.folder}/family-{{.Replica}}" {
   name family
   replicas 2
   ${backoff}
  }
  ${programs}/numbered.sh ${this.#full} {
   name numbered
   redirect_stdout file ${this.lines}
   ${backoff}
  }
  ${process.execPath} ${programs}/web.mjs {
   name web
   env PORT ${upstream}
   ${backoff}
  }
  sleep 0.1 {
   name blink
   ${backoff}
  }
 }
}
http://127.0.0.1:${site} {
 reverse_proxy 127.0.0.1:${upstream}
}
`,
    );
  }

  get run(): ProgramRun {
    const run = this.runs.at(-1);
    if (run === undefined) throw new Error("nothing was started");
    return run;
  }

  /** The file that numbered lines are written to, on the small disk. */
  get lines(): string {
    return join(this.#disk, "lines.log");
  }

  get #full(): string {
    return this.#sandbox.path("full");
  }

  get runFolder(): string {
    return `/run/caddy-supervisor/${this.#instance}`;
  }

  get guard(): number | undefined {
    return guardOf(this.run.pid);
  }

  /**
   * The living processes of the instance. Throws when a replica has two leaders, or when something of a former run lives
   * although its successor serves.
   */
  look(): Marked[] {
    const processes = this.#ours();
    const twice = doubles(processes);
    if (twice.length > 0) throw new Error(`two lead ${twice}: ${JSON.stringify(processes)}`);
    const stale = this.#ready ? processes.filter(({ run, pid }) => run !== this.run.pid && isAlive(pid)) : [];
    if (stale.length > 0) throw new Error(`of a former run: ${JSON.stringify(stale)}`);
    return processes;
  }

  #ours(): Marked[] {
    this.#instance ??= this.runs.length > 0 ? instanceOf(this.run.pid) : undefined;
    const instance = this.#instance;
    return instance === undefined ? [] : markedProcesses((marker) => marker.startsWith(`${instance}-`));
  }

  leader(replica: string): number | undefined {
    return this.look().find((process) => process.leads && process.replica === replica)?.pid;
  }

  /** Waits, and asks at each look whether what must always hold does. */
  until<T>(what: string, ask: (processes: readonly Marked[]) => T | Promise<T>): Promise<NonNullable<T>> {
    return until(what, () => ask(this.look()));
  }

  /** A replica is led by another process than before. */
  async replaced(replica: string, before: number | undefined): Promise<void> {
    await this.until(`another ${replica} than ${before}`, () => {
      const now = this.leader(replica);
      return now !== undefined && now !== before;
    });
  }

  async start(): Promise<void> {
    this.#ready = false;
    this.runs.push(this.#sandbox.start(["run"]));
    await this.run.ready();
    this.#instance ??= await until("the instance", () => instanceOf(this.run.pid));
    this.#ready = true;
    await this.allUp();
  }

  async allUp(): Promise<void> {
    await this.until(`${steady} to be up`, (processes) =>
      steady.every((name) => processes.some(({ leads, replica }) => leads && replica === name)),
    );
  }

  /** Only the last life of each replica lives. */
  async settled(): Promise<void> {
    await this.allUp();
    await this.until("former lives to be gone", (processes) =>
      processes.every(({ replica, life }) =>
        processes.every((other) => other.replica !== replica || other.life === life),
      ),
    );
    await until("the site to answer", () =>
      fetch(this.#site).then(
        async (response) => (await response.text()) === String(this.leader(web)),
        () => false,
      ),
    );
  }

  /** The supervisor dies at once; nobody starts it again before its guard has swept. */
  async killSupervisor(whileDead: () => void = () => {}): Promise<void> {
    this.run.signal("SIGKILL");
    this.#ready = false;
    await this.run.ended;
    whileDead();
    try {
      await this.until("the guard to sweep", (processes) => processes.length === 0);
    } catch (cause) {
      throw new Error(`still there: ${JSON.stringify(this.#ours())}; guards: ${guards().join("; ")}`, {
        cause,
      });
    }
  }

  async fillDisk(): Promise<void> {
    rmSync(this.#full, { force: true });
    const from = statSync(this.lines).size;
    this.fullDisks.push([from, Number.POSITIVE_INFINITY]);
    spawnSync("sh", ["-c", 'cat /dev/zero > "$0" 2> /dev/null', join(this.#disk, "ballast")]);
    await until("the disk to be full", () => statfsSync(this.#disk).bavail === 0);
  }

  /** Whoever writes lines has met the full disk. */
  async diskMet(): Promise<void> {
    await this.until("a line that cannot be written", () => exists(this.#full));
  }

  /** Resolves when lines are written again. */
  async freeDisk(): Promise<void> {
    rmSync(join(this.#disk, "ballast"));
    const [from = 0] = this.fullDisks.pop() ?? [];
    const before = statSync(this.lines).size;
    // Some lines: the writer has left its last failed try behind.
    await this.until("lines to be written again", () => statSync(this.lines).size > before + 1_000);
    this.fullDisks.push([from, statSync(this.lines).size]);
  }

  /** Sets the soft limit of open files; gives the one before. */
  limitDescriptors(pid: number, soft: string): string {
    const before =
      /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, "utf8"))?.[1] ?? "1024";
    spawnSync("prlimit", ["--pid", String(pid), `--nofile=${soft}:`]);
    return before;
  }
}

/** The first part of the markers of what a supervisor runs: the name of its instance. */
function instanceOf(supervisor: number): string | undefined {
  let found: string | undefined;
  markedProcesses((marker) => {
    const [instance = "", run = ""] = (marker.split(":")[0] ?? "").split("-");
    if (run.startsWith(`${supervisor}.`)) found = instance;
    return false;
  });
  return found;
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
