import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { cannotOpen, type StreamPlans } from "./open-outputs.ts";

/**
 * Whether the log files of a replica could be opened, without creating any.
 *
 * @throws SupervisorError `LOG_FILE`
 */
export function checkOutputs(targets: StreamPlans, cwd: string): void {
  for (const stream of ["stdout", "stderr"] as const) {
    const target = targets[stream];
    if (target.type === "file" || target.type === "managed") checkFile(resolve(cwd, target.path), stream);
  }
}

function checkFile(path: string, stream: string): void {
  try {
    if (exists(path)) {
      if (statSync(path).isDirectory()) throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
      accessSync(path, constants.W_OK);
    } else {
      accessSync(dirname(path), constants.W_OK | constants.X_OK);
    }
  } catch (error) {
    throw cannotOpen(path, stream, error);
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
