import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { until } from "./gates.ts";
import { programs } from "./program.ts";

const run = promisify(execFile);

/** Where cgroup v2 is mounted (proc(5), mountinfo). */
function cgroupMount(): string | undefined {
  const line = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .find((each) => each.includes(" - cgroup2 "));
  return line?.split(" ")[4];
}

/** Why systemd cannot be booted here; undefined when it can. */
export function whyNotBoot(): string | undefined {
  if (process.getuid?.() !== 0) return "only root may make namespaces";
  const flags = ["--cgroup", "--mount", "--uts", "--ipc", "--pid", "--fork", "--mount-proc"];
  if (spawnSync("unshare", [...flags, "mount", "-t", "tmpfs", "tmpfs", "/run"]).status !== 0)
    return "unshare(1) or mount(8) are not allowed";
  const mount = cgroupMount();
  if (mount === undefined) return "there is no cgroup v2";
  try {
    rmdirSync(mkdtempSync(join(mount, "csv-try-")));
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

interface Answer {
  readonly code: number;
  readonly output: string;
}

export interface BootFolders {
  /** All units that there are. */
  readonly units: string;
  /** A copy of our program: bin, dist, node_modules. */
  readonly program: string;
  /** In place of /etc/caddy. */
  readonly etc: string;
}

/** A real systemd in namespaces of its own, with units of the test's own. */
export class BootedSystemd {
  readonly #child: ChildProcess;
  readonly #cgroup: string;
  #log = "";
  #pid = 0;

  private constructor({ units, program, etc }: BootFolders) {
    this.#cgroup = mkdtempSync(join(cgroupMount() ?? "", "csv-boot-"));
    this.#child = spawn(`${programs}/boot-systemd.sh`, [units, program, etc, this.#cgroup], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        this.#log += chunk;
      });
  }

  static async boot(folders: BootFolders): Promise<BootedSystemd> {
    const booted = new BootedSystemd(folders);
    booted.#pid = await until(`the first process:\n${booted.#log}`, () => booted.#firstProcess());
    await until(`the boot:\n${booted.#log}`, async () => {
      const { output } = await booted.systemctl("is-system-running");
      return output === "running";
    });
    return booted;
  }

  /** Exit code and output of a systemctl(1) command. */
  systemctl(...words: string[]): Promise<Answer> {
    return this.#inside("systemctl", "--no-pager", ...words);
  }

  /** Gives a unit one drop-in more. */
  async addDropIn(unit: string, file: string): Promise<void> {
    await this.#inside("cp", file, `/run/units/${unit}.service.d/added.conf`);
    await this.systemctl("daemon-reload");
  }

  #inside(...words: string[]): Promise<Answer> {
    const namespaces = ["-m", "-p", "-C", "-u", "-i"];
    return run("nsenter", ["-t", String(this.#pid), ...namespaces, ...words]).then(
      ({ stdout }) => ({ code: 0, output: stdout.trim() }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        output: `${error.stdout}${error.stderr}`.trim(),
      }),
    );
  }

  /** Properties of a unit. */
  async show(unit: string, ...properties: string[]): Promise<Record<string, string>> {
    const { output } = await this.systemctl("show", unit, "-p", properties.join(","));
    return Object.fromEntries(
      output.split("\n").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
  }

  /** Takes it away with all that it runs. */
  async remove(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
    await until("an empty cgroup", () =>
      readFileSync(join(this.#cgroup, "cgroup.events"), "utf8").includes("populated 0"),
    );
    removeCgroups(this.#cgroup);
  }

  #firstProcess(): number | undefined {
    const { pid = 0 } = this.#child;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return children === "" ? undefined : Number(children.split(" ")[0]);
  }
}

function removeCgroups(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) removeCgroups(join(folder, entry.name));
  rmdirSync(folder);
}

/** Targets that units depend on by themselves, and nothing behind them. */
export const targets = [
  "default",
  "sysinit",
  "basic",
  "shutdown",
  "network",
  "network-online",
  "multi-user",
].map((name) => `${name}.target`);

/** A folder with these files. */
export function makeFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}
