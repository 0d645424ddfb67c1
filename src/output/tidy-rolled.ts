import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { RollingPlan } from "../config/output-plan.ts";
import { outdated, rolledFiles } from "./rolled-names.ts";

/** Removes the rolled files of a log file that are not to be kept, and compresses the rest. The work is done off our thread. */
export async function tidyRolled(path: string, plan: RollingPlan, mode: number): Promise<void> {
  const files = rolledFiles(path);
  const gone = new Set(outdated(files, plan, Date.now()));
  for (const file of gone) await rm(file.path, { force: true });
  if (!plan.compress) return;
  for (const file of files) if (!gone.has(file) && !file.isCompressed) await compress(file.path, mode);
}

/** Beside it under another name, and then renamed: a file that is half compressed is never taken for a whole one. */
async function compress(path: string, mode: number): Promise<void> {
  const unfinished = `${path}.gz.new`;
  try {
    await pipeline(createReadStream(path), createGzip(), createWriteStream(unfinished, { mode }));
    await rename(unfinished, `${path}.gz`);
    await rm(path, { force: true });
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
