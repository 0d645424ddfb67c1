import type { ProcessEntry } from "../process-table.ts";
import type { Platform, RunTool } from "./platform.ts";
import { posixGroups } from "./posix-groups.ts";
import { snapshotTable } from "./snapshot-table.ts";

const columns = "pid=,ppid=,pgid=,sess=,stat=,lstart=,comm=";

/** Numbers, flags, the five words of lstart (`Mon Jan  2 15:04:05 2006`), and a path that may hold spaces. */
const line = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/;

/**
 * macOS has no /proc: ps(1) tells. Its start times have a resolution of a second, and `sess` is an address, not a number
 * that could be compared with a leader's pid: groups take its place.
 */
export function darwin(run: RunTool, now?: () => number): Platform {
  const read = () => run("ps", ["-axo", columns])?.split("\n").flatMap(parseLine);
  return { table: snapshotTable(read, now), ...posixGroups };
}

function parseLine(text: string): ProcessEntry[] {
  const [, pid, parent, group, , stat = "", startTime = "", path = ""] = line.exec(text) ?? [];
  if (pid === undefined) return [];
  return [
    {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      session: Number(group),
      dead: stat.startsWith("Z"),
      startTime: startTime.replace(/\s+/g, " "),
      name: path.slice(path.lastIndexOf("/") + 1),
    },
  ];
}
