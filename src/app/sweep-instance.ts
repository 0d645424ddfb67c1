import { instanceMarker } from "../supervise/marker.ts";
import { nodeClock } from "../supervise/node-clock.ts";
import type { SweepResult } from "../supervise/ports.ts";
import { linuxProcessTable } from "../supervise/process-table.ts";
import { TreeSweeper } from "../supervise/tree-sweeper.ts";
import { readState, statePath } from "./state-file.ts";

/**
 * Kills whatever a former life of an instance left behind: SIGKILL at once, whole trees, until a pass finds nothing.
 * The guard runs it when we die, and every start runs it before anything else.
 */
export function sweepInstance(instance: string, folder: string): Promise<SweepResult> {
  const leaders = readState(statePath(folder))?.processes ?? [];
  return new TreeSweeper(linuxProcessTable, nodeClock).sweep({ marker: instanceMarker(instance), leaders });
}
