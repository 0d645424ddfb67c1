import { linuxProcessTable } from "../process-table.ts";
import type { Platform } from "./platform.ts";
import { posixGroups } from "./posix-groups.ts";

/** /proc (proc(5)) and process groups. */
export const linux: Platform = { table: linuxProcessTable, cheapEntries: true, ...posixGroups };
