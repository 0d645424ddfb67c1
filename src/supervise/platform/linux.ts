import { linuxProcessTable } from "../process-table.ts";
import type { HoldsDoor, Platform } from "./platform.ts";
import { posixGroups } from "./posix-groups.ts";

/** Control groups: nothing of them is loaded unless somebody asks for them. */
const holds: HoldsDoor = {
  open: async (folder, onFault) => (await import("./cgroups.ts")).openCgroups(folder, onFault),
  left: async (folder) => (await import("./cgroup-folder.ts")).foldersIn(folder),
};

/** /proc (proc(5)) and process groups. */
export const linux: Platform = { table: linuxProcessTable, holds, ...posixGroups };
