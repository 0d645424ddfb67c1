import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmdirSync, statfsSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { SupervisorError } from "../../errors.ts";
import { errnoText } from "../lookup.ts";
import { linesOf, unifiedGroup } from "../own-cgroup.ts";
import type { FoundHold, Hold } from "../ports.ts";
import { linuxProcessTable } from "../process-table.ts";
import { CgroupFolder, foldersIn, moveInto, nameOf, processesIn, subfolders } from "./cgroup-folder.ts";
import { Nursery } from "./nursery.ts";
import type { OwnHolds } from "./platform.ts";

/** CGROUP2_SUPER_MAGIC (statfs(2)). */
const cgroup2Type = 0x63677270;
/** What is counted and limited for each life, where the parent hands it on. */
const controllers = ["memory", "cpu", "pids"];
/**
 * Where we ourselves go, with pid and start time: a cgroup that hands on controllers may hold no process (the "no internal processes"
 * rule), and in a cgroup of our own we know who is born there.
 */
const leafName = (own: string) => `supervisor.${own}`;
/** Where a shell is moved for a trial. */
const trialName = (own: string) => `trial.${own}`;
const leafOrTrial = /^(?:supervisor|trial)\.(\d+)\.(\d*)$/;

type OnFault = (message: string, error: Error) => void;

/**
 * A folder of cgroups that we may use; undefined: our own cgroup.
 *
 * @throws SupervisorError `CGROUP`
 */
export async function openCgroups(named: string | undefined, onFault: OnFault): Promise<Cgroups> {
  const folder = named === undefined ? unifiedGroup() : resolve(named);
  if (folder === undefined) throw new SupervisorError("CGROUP", "no cgroup v2 file system is mounted here");
  if (typeOf(folder) !== cgroup2Type)
    throw new SupervisorError("CGROUP", `${folder} is no folder of a cgroup v2 file system`);
  await tryOut(folder);
  return new Cgroups(folder, unifiedGroup(), onFault);
}

/** One cgroup of version 2 for each life of a replica, in a folder that we may write. */
export class Cgroups implements OwnHolds {
  readonly folder: string;
  readonly #leaf: string;
  /** Where we come from. */
  readonly #home: string | undefined;
  readonly #onFault: OnFault;
  /** The controllers that we have handed on. */
  #handedOn: readonly string[] = [];

  constructor(folder: string, home: string | undefined, onFault: OnFault) {
    this.folder = folder;
    this.#leaf = join(folder, leafName(ourselves()));
    this.#home = home;
    this.#onFault = onFault;
  }

  occupy(): void {
    this.#clearOldLeaves();
    try {
      if (!existsSync(this.#leaf)) mkdirSync(this.#leaf);
      moveInto(this.#leaf, process.pid);
    } catch (cause) {
      throw new SupervisorError("CGROUP", `cannot move ourselves to ${this.#leaf}: ${errnoText(cause)}`, {
        cause,
      });
    }
    const available = wordsIn(join(this.folder, "cgroup.controllers"));
    const handedOn = wordsIn(this.#subtreeControl);
    const missing = controllers.filter((name) => available.includes(name) && !handedOn.includes(name));
    if (missing.length === 0) return;
    try {
      writeFileSync(this.#subtreeControl, missing.map((name) => `+${name}`).join(" "));
      this.#handedOn = missing;
    } catch (error) {
      const others = processesIn(this.folder).join(", ");
      const why = others === "" ? errnoText(error) : `other processes are in it: ${others}`;
      const what = `${missing.join(", ")} in ${this.folder}`;
      this.#onFault("cannot hand on controllers to control groups", new Error(`${what}: ${why}`));
    }
  }

  make(marker: string): Hold | undefined {
    const path = join(this.folder, nameOf(marker));
    try {
      mkdirSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
        this.#onFault("cannot make a control group", new Error(`mkdir ${path}: ${errnoText(error)}`));
        return undefined;
      }
    }
    return new Nursery(this.#leaf, new CgroupFolder(path, marker), (error) =>
      this.#onFault(
        "cannot move a process into its control group",
        new Error(`${path}: ${errnoText(error)}`),
      ),
    );
  }

  list(): FoundHold[] | undefined {
    return foldersIn(this.folder).list();
  }

  /** Whoever enters the folder after us finds it without controllers, and so may. While others use it, it stays as it is. */
  vacate(): void {
    const isShared = subfolders(this.folder).some((name) => name !== basename(this.#leaf));
    try {
      if (this.#handedOn.length > 0 && !isShared)
        writeFileSync(this.#subtreeControl, this.#handedOn.map((name) => `-${name}`).join(" "));
      if (this.#home === undefined) return;
      moveInto(this.#home, process.pid);
      rmdirSync(this.#leaf);
    } catch {
      // We end in it, and whoever comes next takes it away.
    }
  }

  get #subtreeControl(): string {
    return join(this.folder, "cgroup.subtree_control");
  }

  /** What those of us have left who were killed. */
  #clearOldLeaves(): void {
    for (const name of subfolders(this.folder)) {
      const [, pid, startTime] = leafOrTrial.exec(name) ?? [];
      if (pid === undefined || linuxProcessTable.entry(Number(pid))?.startTime === startTime) continue;
      try {
        rmdirSync(join(this.folder, name));
      } catch {
        // Its guard is still at work.
      }
    }
  }
}

/** Only the kernel knows for sure whether processes of ours may be moved there: a shell goes ahead. */
async function tryOut(folder: string): Promise<void> {
  const path = join(folder, trialName(ourselves()));
  const refuse = (what: string, cause: unknown) =>
    new SupervisorError("CGROUP", `${what}: ${errnoText(cause)}`, { cause });
  try {
    mkdirSync(path);
  } catch (cause) {
    throw refuse(`mkdir ${path}`, cause);
  }
  const shell = spawn("/bin/sh", ["-c", "read -r gone"], { stdio: ["pipe", "ignore", "ignore"] });
  const ended = new Promise((resolveEnd) => {
    shell.once("exit", resolveEnd);
    shell.once("error", resolveEnd);
  });
  try {
    // Without one it could not be started; 0 would be ourselves.
    if (shell.pid === undefined) throw new Error("/bin/sh cannot be started");
    moveInto(path, shell.pid);
  } catch (cause) {
    throw refuse(`cannot move a process into ${path}`, cause);
  } finally {
    shell.kill("SIGKILL");
    await ended;
    rmdirSync(path);
  }
}

/** `<pid>.<start time>`: nobody else's, in no container. */
function ourselves(): string {
  return `${process.pid}.${linuxProcessTable.entry(process.pid)?.startTime ?? ""}`;
}

function typeOf(folder: string): number {
  try {
    return statfsSync(folder).type;
  } catch (cause) {
    throw new SupervisorError("CGROUP", `statfs ${folder}: ${errnoText(cause)}`, { cause });
  }
}

function wordsIn(file: string): string[] {
  return linesOf(file).flatMap((line) => line.split(" "));
}
