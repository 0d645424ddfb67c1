import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { SupervisorError } from "../errors.ts";
import { fifoFault } from "./fifo.ts";
import { cannotOpen, type StreamPlans } from "./open-outputs.ts";
import { rollFault } from "./roll-fault.ts";

/**
 * Whether the log files of a replica could be opened, and the pipes made for what passes through us, without creating any.
 *
 * @throws SupervisorError `LOG_FILE`
 */
export function checkOutputs(targets: StreamPlans, cwd: string): void {
  for (const stream of ["stdout", "stderr"] as const) {
    const target = targets[stream];
    if (target.type === "file" || target.type === "managed") checkFile(resolve(cwd, target.path), stream);
    if (target.type === "log" || target.type === "managed") checkPipe(stream);
  }
}

/** Of log files that are there: which could be written but never rolled, one sentence each. */
export function rollWarnings(targets: StreamPlans, cwd: string): string[] {
  return [targets.stdout, targets.stderr].flatMap((target) => {
    if (target.type !== "managed" || target.rolling === undefined) return [];
    const path = resolve(cwd, target.path);
    const fault = exists(path) ? rollFault(path) : undefined;
    return fault === undefined
      ? []
      : [`'${path}' can be written but never rolled: ${dirname(path)}: ${fault}`];
  });
}

function checkPipe(stream: string): void {
  const fault = fifoFault();
  if (fault === undefined) return;
  const { why, hint } = fault;
  throw new SupervisorError("LOG_FILE", `cannot setup ${stream} redirection: no pipe can be made: ${why}`, {
    option: `redirect_${stream}`,
    hint,
  });
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
