import { join } from "node:path";
import { controllerGroup, linesOf, unifiedGroup } from "./own-cgroup.ts";

/**
 * How often the kernel has killed a process of our cgroup because it was out of memory; undefined where that is not
 * told. Version 1 counts in `memory.oom_control`, version 2 in `memory.events` (Documentation/admin-guide/cgroup-v1/memory
 * and cgroup-v2 of the kernel). A machine with both keeps memory in version 1. Never throws.
 *
 * @param root what every path begins with, for tests
 */
export function oomKills(root = "/"): number | undefined {
  return (
    countIn(controllerGroup("memory", root), "memory.oom_control") ??
    countIn(unifiedGroup(root), "memory.events")
  );
}

function countIn(folder: string | undefined, file: string): number | undefined {
  return folder === undefined ? undefined : oomKillsIn(join(folder, file));
}

/** The line `oom_kill 3` of such a file. */
export function oomKillsIn(file: string): number | undefined {
  const found = linesOf(file).find((line) => line.startsWith("oom_kill "));
  return found === undefined ? undefined : Number(found.split(" ")[1]);
}
