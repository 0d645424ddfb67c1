import { rmSync } from "node:fs";
import { instanceMarker, runMarker } from "../supervise/marker.ts";
import { nodeClock } from "../supervise/node-clock.ts";
import { thisPlatform } from "../supervise/platform/this-platform.ts";
import type { SweepResult } from "../supervise/ports.ts";
import { TreeSweeper } from "../supervise/tree-sweeper.ts";
import { takeLock } from "./lock.ts";
import { readState, type State, stateFiles } from "./state-file.ts";

/**
 * Kills whatever one run of an instance left behind: SIGKILL at once, whole trees, until a pass finds nothing. The guard
 * does it when its run has died. A run that has followed in the meantime is not touched.
 */
export function sweepRun(instance: string, stateFile: string): Promise<SweepResult> {
  return sweep(runMarker(instance), [readState(stateFile)]);
}

/** As {@link sweepRun}, for all former runs of an instance: every start does it first, when it holds the lock. */
export async function sweepFormerRuns(hash: string, folder: string): Promise<SweepResult> {
  const files = stateFiles(folder);
  const result = await sweep(instanceMarker(hash), files.map(readState));
  for (const file of files) rmSync(file, { force: true });
  return result;
}

/** Nothing is left of the one run in it. It stays when somebody has begun to use it. */
export function removeFolder(folder: string, stateFile: string): void {
  const lock = takeLock(folder);
  rmSync(stateFile, { force: true });
  lock.release();
}

async function sweep(marker: string, states: readonly (State | undefined)[]): Promise<SweepResult> {
  const folders = new Set(states.flatMap((state) => state?.cgroups ?? []));
  const holds = await Promise.all([...folders].map((folder) => thisPlatform.holds?.left(folder) ?? []));
  const sweeper = new TreeSweeper(thisPlatform.table, nodeClock, holds.flat());
  return sweeper.sweep({ marker, leaders: states.flatMap((state) => state?.processes ?? []) });
}
