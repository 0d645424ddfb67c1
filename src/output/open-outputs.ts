import { closeSync, constants, openSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { StreamPlan } from "../config/output-plan.ts";
import { SupervisorError } from "../errors.ts";
import { errnoText } from "../supervise/lookup.ts";
import type { OpenOutputs } from "../supervise/node-spawner.ts";

/** Where the two streams of a replica go. */
export type StreamPlans = Readonly<Record<"stdout" | "stderr", StreamPlan>>;

const inherited = { stdout: 1, stderr: 2, null: "ignore" } as const;

/**
 * Opens what the streams need. A file is the process's own descriptor, opened for append (so that copytruncate is safe),
 * created with mode 0666 less the umask; two streams with the same path share one, and so keep their order.
 *
 * @throws SupervisorError `LOG_FILE` with Go's text (`open PATH: permission denied`)
 */
export function openOutputs({ stdout, stderr }: StreamPlans, cwd: string): OpenOutputs {
  const opened = new Map<string, number>();
  const close = () => {
    for (const descriptor of opened.values()) closeSync(descriptor);
    opened.clear();
  };
  const descriptorOf = (target: StreamPlan, stream: string): number | "ignore" => {
    if (target.type === "log") return inherited[stream === "stdout" ? "stdout" : "stderr"];
    if (target.type !== "file" && target.type !== "managed") return inherited[target.type];
    const path = resolve(cwd, target.path);
    const before = opened.get(path);
    if (before !== undefined) return before;
    const descriptor = openForAppend(path, stream);
    opened.set(path, descriptor);
    return descriptor;
  };
  try {
    return { stdout: descriptorOf(stdout, "stdout"), stderr: descriptorOf(stderr, "stderr"), close };
  } catch (error) {
    close();
    throw error;
  }
}

function openForAppend(path: string, stream: string): number {
  try {
    return isFifo(path) ? openFifo(path) : openSync(path, "a", 0o666);
  } catch (cause) {
    throw cannotOpen(path, stream, cause);
  }
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
