import { join } from "node:path";
import { controllerGroup, linesOf, unifiedGroup } from "./own-cgroup.ts";

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
    const known = file === undefined ? undefined : oomKillsIn(file);
    if (known !== undefined) return known;
    for (const path of countingFiles(root)) {
      const count = oomKillsIn(path);
      if (count === undefined) continue;
      file = path;
      return count;
    }
    file = undefined;
    return undefined;
  };
}

/** Where the count may stand, the likeliest first; each is looked for only when the one before it does not tell. */
function* countingFiles(root: string): Generator<string> {
  const controlled = controllerGroup("memory", root);
  if (controlled !== undefined) yield join(controlled, "memory.oom_control");
  const unified = unifiedGroup(root);
  if (unified !== undefined) yield join(unified, "memory.events");
}

/** The line `oom_kill 3` of such a file. */
export function oomKillsIn(file: string): number | undefined {
  const found = linesOf(file).find((line) => line.startsWith("oom_kill "));
  return found === undefined ? undefined : Number(found.split(" ")[1]);
}
