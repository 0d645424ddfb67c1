import { readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { oomKillsIn } from "../oom-kills.ts";
import { linesOf } from "../own-cgroup.ts";
import type { FoundHold, Holds, RunUsage } from "../ports.ts";

/** `<instance>-<replica>-<life>`: the parts of a marker have no dash but the instance's own. */
const folderName = /^([^-]+-[^-]+)-([^-]+)-(\d+)$/;

/** The name of the cgroup for a life, by its marker. */
export function nameOf(marker: string): string {
  return marker.replaceAll(":", "-");
}

/** What a folder holds in cgroups of ours. */
export function foldersIn(folder: string): Holds {
  return {
    make: () => undefined,
    list: () =>
      readSubfolders(folder)?.flatMap((name) => {
        const [, instance, replica, life] = folderName.exec(name) ?? [];
        return life === undefined
          ? []
          : [new CgroupFolder(join(folder, name), `${instance}:${replica}:${life}`)];
      }),
  };
}

/** The cgroup of one life (Documentation/admin-guide/cgroup-v2 of the kernel). */
export class CgroupFolder implements FoundHold {
  readonly marker: string;
  readonly #path: string;

  constructor(path: string, marker: string) {
    this.#path = path;
    this.marker = marker;
  }

  /** @throws Error of the system; not when the process has ended already */
  move(pid: number): void {
    moveInto(this.#path, pid);
  }

  usage(): RunUsage {
    const kills = oomKillsIn(join(this.#path, "memory.events"));
    const microseconds = numberIn(linesOf(join(this.#path, "cpu.stat")).find(startsWithUsage)?.split(" ")[1]);
    return {
      peakMemory: numberIn(linesOf(join(this.#path, "memory.peak"))[0]),
      cpuTime: microseconds === undefined ? undefined : microseconds / 1e6,
      outOfMemory: kills === undefined ? undefined : kills > 0,
    };
  }

  pids(): number[] {
    // A process may have made cgroups below its own, if it has the right. What another PID namespace hides is 0.
    return familyOf(this.#path).flatMap(processesIn);
  }

  /** Where the kernel is older than 5.14 there is no such file: then the one who found the pids kills them one by one. */
  kill(): void {
    try {
      writeFileSync(join(this.#path, "cgroup.kill"), "1", { flag: "r+" });
    } catch {
      // Gone, or not known.
    }
  }

  remove(): boolean {
    try {
      for (const folder of familyOf(this.#path)) rmdirSync(folder);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== "EBUSY";
    }
  }
}

/** The pids in one cgroup; none when it is gone. */
export function processesIn(folder: string): number[] {
  return linesOf(join(folder, "cgroup.procs"))
    .map(Number)
    .filter((pid) => pid > 0);
}

/** The names of the cgroups in one; none when it is gone or cannot be read. */
export function subfolders(folder: string): string[] {
  return readSubfolders(folder) ?? [];
}

function readSubfolders(folder: string): string[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch (error) {
    return ["EMFILE", "ENFILE"].includes(String((error as NodeJS.ErrnoException).code)) ? undefined : [];
  }
}

/** A cgroup and all below it, the deepest first: only an empty one can be removed. */
function familyOf(folder: string): string[] {
  return [...subfolders(folder).flatMap((name) => familyOf(join(folder, name))), folder];
}

/** @throws Error of the system; not when the process has ended already */
export function moveInto(folder: string, pid: number): void {
  try {
    writeFileSync(join(folder, "cgroup.procs"), String(pid));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

const startsWithUsage = (line: string) => line.startsWith("usage_usec ");

function numberIn(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || Number.isNaN(value) ? undefined : value;
}
