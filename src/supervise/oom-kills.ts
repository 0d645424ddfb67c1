import { readFileSync } from "node:fs";
import { join, relative } from "node:path";

interface Mount {
  /** The part of the hierarchy that is mounted. */
  readonly root: string;
  readonly point: string;
}

/**
 * Counts how often the kernel has killed a process of our cgroup because it was out of memory; undefined where that is not
 * told. Version 1 counts in `memory.oom_control`, version 2 in `memory.events` (Documentation/admin-guide/cgroup-v1/memory
 * and cgroup-v2 of the kernel). A machine with both keeps memory in version 1. The file is looked for once, and again only
 * when it is gone. Never throws.
 *
 * @param root what every path begins with, for tests
 */
export function oomCounter(root = "/"): () => number | undefined {
  let file: string | undefined;
  return () => {
    const count = file === undefined ? undefined : countIn(file);
    if (count !== undefined) return count;
    file = countingFiles(root).find((path) => countIn(path) !== undefined);
    return file === undefined ? undefined : countIn(file);
  };
}

/** Where the count may stand, the likeliest first. */
function countingFiles(root: string): string[] {
  const mounts = lines(join(root, "proc/self/mountinfo")).flatMap(cgroupMount);
  const groups = lines(join(root, "proc/self/cgroup")).map(splitGroup);
  const find = (version: string, isOurs: (controllers: string[]) => boolean, file: string) => {
    const mount = mounts.find(
      ({ type, options }) => type === version && (version === "cgroup2" || isOurs(options)),
    );
    const group = groups.find(({ controllers }) => isOurs(controllers));
    if (mount === undefined || group === undefined) return [];
    return [join(root, mount.point, below(group.path, mount), file)];
  };
  return [
    ...find("cgroup", (controllers) => controllers.includes("memory"), "memory.oom_control"),
    ...find("cgroup2", (controllers) => controllers.length === 0, "memory.events"),
  ];
}

/** `30 22 0:27 ROOT POINT OPTIONS … - TYPE SOURCE SUPEROPTIONS` (proc(5)); version 1 names its controllers in the last. */
function cgroupMount(line: string): (Mount & { type: string; options: string[] })[] {
  const [front = "", back = ""] = line.split(" - ");
  const [, , , root = "/", point = ""] = front.split(" ");
  const [type = "", , options = ""] = back.split(" ");
  return type.startsWith("cgroup") ? [{ root, point, type, options: options.split(",") }] : [];
}

/** `4:memory:/path` (cgroups(7)); version 2 has no controllers in it. */
function splitGroup(line: string): { controllers: string[]; path: string } {
  const [, controllers = "", ...path] = line.split(":");
  return { controllers: controllers.split(",").filter(Boolean), path: path.join(":") };
}

/** A container sees its own cgroup mounted as if it were the whole, under the path that the host knows. */
function below(path: string, { root }: Mount): string {
  if (root === "/") return path;
  const rest = relative(root, path);
  return rest.startsWith("..") ? "" : rest;
}

function countIn(file: string): number | undefined {
  const found = lines(file).find((line) => line.startsWith("oom_kill "));
  return found === undefined ? undefined : Number(found.split(" ")[1]);
}

function lines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}
