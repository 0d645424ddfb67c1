import { rmSync } from "node:fs";
import { instanceMarker, runMarker } from "../supervise/marker.ts";
import { nodeClock } from "../supervise/node-clock.ts";
import { thisPlatform } from "../supervise/platform/this-platform.ts";
import type { SweepResult } from "../supervise/ports.ts";
import { TreeSweeper } from "../supervise/tree-sweeper.ts";
import { readState, stateFiles } from "./state-file.ts";

/**
 * Kills whatever one run of an instance left behind: SIGKILL at once, whole trees, until a pass finds nothing. The guard
 * does it when its run has died. A run that has followed in the meantime is not touched.
 */
export function sweepRun(instance: string, stateFile: string): Promise<SweepResult> {
  return sweeper().sweep({ marker: runMarker(instance), leaders: readState(stateFile)?.processes ?? [] });
}

/** As {@link sweepRun}, for all former runs of an instance: every start does it first, when it holds the lock. */
export async function sweepFormerRuns(hash: string, folder: string): Promise<SweepResult> {
  const files = stateFiles(folder);
  const leaders = files.flatMap((file) => readState(file)?.processes ?? []);
  const result = await sweeper().sweep({ marker: instanceMarker(hash), leaders });
  for (const file of files) rmSync(file, { force: true });
  return result;
}

function sweeper(): TreeSweeper {
  return new TreeSweeper(thisPlatform.table, nodeClock);
}
