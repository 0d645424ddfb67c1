import { closeSync, constants, openSync, statSync } from "node:fs";
import type { StreamPlan } from "../config/output-plan.ts";
import { SupervisorError } from "../errors.ts";
import { errnoText } from "../supervise/lookup.ts";

/** Where the two streams of a replica go. */
export type StreamPlans = Readonly<Record<"stdout" | "stderr", StreamPlan>>;

const ownDescriptors: Readonly<Record<string, number>> = { stdout: 1, stderr: 2 };

/** Our own stream, wherever that goes; nothing for the target `null`. */
export function inherited({ type }: StreamPlan): number | "ignore" {
  return ownDescriptors[type] ?? "ignore";
}

/**
 * A descriptor for a process that writes to the file itself: for append, so that copytruncate is safe; created with mode
 * 0666 less the umask.
 *
 * @throws SupervisorError `LOG_FILE` with Go's text (`open PATH: permission denied`)
 */
export function openForAppend(path: string, stream: string): number {
  try {
    return isFifo(path) ? openFifo(path) : openSync(path, "a", 0o666);
  } catch (cause) {
    throw cannotOpen(path, stream, cause);
  }
}

/** In bytes; 0 for a file that is not there yet. */
export function fileSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function isFifo(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFIFO() ?? false;
}

/** Opening a named pipe would wait for its reader, and everything with it: without one it is an error, tried again later. */
function openFifo(path: string): number {
  const probe = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    return openSync(path, "a");
  } finally {
    closeSync(probe);
  }
}

/** The original's words for a log file that cannot be opened. */
export function cannotOpen(path: string, stream: string, cause: unknown): SupervisorError {
  return new SupervisorError(
    "LOG_FILE",
    `cannot setup ${stream} redirection: open ${path}: ${errnoText(cause)}`,
    { cause, option: `redirect_${stream}` },
  );
}
