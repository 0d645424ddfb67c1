import type { Platform, RunTool } from "./platform.ts";
import { snapshotTable } from "./snapshot-table.ts";

/**
 * Windows has no signals, groups or users as we know them: whatever is asked for, a process and all that descend from it
 * are ended by taskkill. What lost its parent is not found.
 */
export function windows(run: RunTool): Platform {
  return {
    table: snapshotTable(() => []),
    signalGroup: (leader) => run("taskkill", ["/T", "/F", "/PID", String(leader)]) !== undefined,
    groupExists: (leader) => {
      try {
        return process.kill(leader, 0);
      } catch {
        return false;
      }
    },
  };
}
