import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, rmdirSync, statfsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { SupervisorError } from "../../errors.ts";
import { errnoText } from "../lookup.ts";
import { linesOf, unifiedGroup } from "../own-cgroup.ts";
import type { FoundHold, Hold } from "../ports.ts";
import { CgroupFolder, foldersIn, nameOf, processesIn, subfolders } from "./cgroup-folder.ts";
import type { OwnHolds } from "./platform.ts";

/** CGROUP2_SUPER_MAGIC (statfs(2)). */
const cgroup2Type = 0x63677270;
/** What is counted and limited for each life, where the parent hands it on. */
const controllers = ["memory", "cpu", "pids"];
/** Where we ourselves go: a cgroup that hands on controllers may hold no process (the "no internal processes" rule). */
const leafName = "supervisor";

/** One cgroup of version 2 for each life of a replica, in a folder that we may write. */
export class Cgroups implements OwnHolds {
  readonly folder: string;
  readonly #onFault: (message: string, error: Error) => void;
  /** The controllers that we have handed on, once we have moved for them; undefined: we are where we were. */
  #moved: string[] | undefined;

  private constructor(folder: string, onFault: (message: string, error: Error) => void) {
    this.folder = folder;
    this.#onFault = onFault;
  }

  static open(named: string | undefined, onFault: (message: string, error: Error) => void): Cgroups {
    const folder = named === undefined ? unifiedGroup() : resolve(named);
    if (folder === undefined) throw new SupervisorError("CGROUP", "no cgroup v2 file system is mounted here");
    if (typeOf(folder) !== cgroup2Type)
      throw new SupervisorError("CGROUP", `${folder} is no folder of a cgroup v2 file system`);
    return new Cgroups(folder, onFault);
  }

  async occupy(): Promise<void> {
    await this.#tryOut();
    const available = wordsIn(join(this.folder, "cgroup.controllers"));
    const handedOn = wordsIn(this.#subtreeControl);
    const missing = controllers.filter((name) => available.includes(name) && !handedOn.includes(name));
    if (missing.length === 0) return;
    try {
      this.#makeRoom();
      for (const name of missing) {
        writeFileSync(this.#subtreeControl, `+${name}`);
        this.#moved?.push(name);
      }
    } catch (error) {
      const reason = `cannot hand on ${missing.join(", ")} in ${this.folder}: memory is not counted for each process`;
      this.#onFault(reason, new Error(errnoText(error)));
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
    return new CgroupFolder(path, marker, (error) =>
      this.#onFault(
        "cannot move a process into its control group",
        new Error(`${path}: ${errnoText(error)}`),
      ),
    );
  }

  list(): FoundHold[] {
    return foldersIn(this.folder).list();
  }

  /** Whoever enters the folder after us finds it without controllers, and so may. Others' groups in it are left alone. */
  vacate(): void {
    if (this.#moved === undefined || subfolders(this.folder).some((name) => name !== leafName)) return;
    try {
      for (const name of this.#moved) writeFileSync(this.#subtreeControl, `-${name}`);
      writeFileSync(join(this.folder, "cgroup.procs"), String(process.pid));
      rmdirSync(join(this.folder, leafName));
    } catch {
      // Somebody else has come: it is theirs now.
    }
  }

  get #subtreeControl(): string {
    return join(this.folder, "cgroup.subtree_control");
  }

  /** The root of the hierarchy is exempt from the rule, and alone has no type. */
  #makeRoom(): void {
    const present = existsSync(join(this.folder, "cgroup.type")) ? processesIn(this.folder) : [];
    if (present.length === 0) return;
    const others = present.filter((pid) => pid !== process.pid);
    if (others.length > 0) throw new Error(`process ${others.join(", ")} is in it, too`);
    const leaf = join(this.folder, leafName);
    if (!existsSync(leaf)) mkdirSync(leaf);
    writeFileSync(join(leaf, "cgroup.procs"), String(process.pid));
    this.#moved = [];
  }

  /** Only the kernel knows for sure whether processes of ours may be moved here: a shell goes ahead. */
  async #tryOut(): Promise<void> {
    const path = join(this.folder, `caddy-supervisor-trial.${process.pid}`);
    const refuse = (what: string, cause: unknown) =>
      new SupervisorError("CGROUP", `${what}: ${errnoText(cause)}`, { cause });
    try {
      mkdirSync(path);
    } catch (cause) {
      throw refuse(`mkdir ${path}`, cause);
    }
    const shell = spawn("/bin/sh", ["-c", "read -r gone"], { stdio: ["pipe", "ignore", "ignore"] });
    const ended = once(shell, "exit");
    try {
      writeFileSync(join(path, "cgroup.procs"), String(shell.pid));
    } catch (cause) {
      throw refuse(`cannot move a process into ${path}`, cause);
    } finally {
      shell.kill("SIGKILL");
      await ended;
      rmdirSync(path);
    }
  }
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
