import type { Aftermath } from "./aftermath.ts";
import { type ExitStatus, exitText } from "./exit-status.ts";
import type { RunningProcess } from "./ports.ts";
import type { RunEnd } from "./restart.ts";

/** What is known of a run that did not end as it should. Times in seconds, as in all our log. */
export interface CrashRecord {
  /** Counts the starts of the replica from 1. */
  readonly life: number;
  /** Exit code; undefined when a signal ended the run, or when it could not be started. */
  readonly exitCode: number | undefined;
  /** Number of the signal. */
  readonly signal: number | undefined;
  /** Path of its core dump; undefined when it is not known whether there is one. */
  readonly core: string | undefined;
  /** In Go's words, and what is known beyond them: `exit status 3`, `signal: killed (out of memory)`. */
  readonly error: string;
  readonly uptime: number;
  /** How often the replica was started again so far. */
  readonly restarts: number;
  /** Seconds until the next start; undefined when there is none. */
  readonly nextTry: number | undefined;
  /** Why there is none, when its restart limit says so. */
  readonly because: string | undefined;
  /** The most memory that its processes had in use together, in bytes; undefined when nobody counted. */
  readonly peakMemory: number | undefined;
  /** What they used of all processors, in seconds. */
  readonly cpuTime: number | undefined;
  /** The end of what it wrote; empty when its output does not pass through us or a file. */
  readonly lastLines: readonly string[];
}

/** What a crash record tells beyond the end itself. */
interface Circumstances {
  readonly aftermath: Aftermath;
  /** Undefined when it could not be started. */
  readonly process: RunningProcess | undefined;
  readonly restarts: number;
}

/** `error` is the text of the end, which is no clean one. */
export function crashRecord(
  { status, uptime, life }: RunEnd,
  error: string,
  { aftermath, process, restarts }: Circumstances,
): CrashRecord {
  const usage = process?.usage?.();
  return {
    life,
    exitCode: status?.code,
    signal: status?.signal,
    core:
      status?.signal === undefined || status.coreDumped === false
        ? undefined
        : process?.coreFile?.(status.signal),
    error,
    uptime: seconds(uptime),
    peakMemory: usage?.peakMemory,
    cpuTime: usage?.cpuTime,
    restarts,
    nextTry: aftermath.verdict === "again" ? seconds(aftermath.wait) : undefined,
    because: aftermath.because,
    lastLines: process?.lastLines?.() ?? [],
  };
}

/** Go's float seconds, as zap prints a duration in Caddy's log. */
export function seconds(milliseconds: number): number {
  return Number((milliseconds / 1000).toFixed(9));
}

const sigkill = 9;

/**
 * Go's text of an unclean end, with the kernel's part in it where that is known: a SIGKILL while the count of a
 * control group's out-of-memory kills rose: its own one's, or ours.
 */
export function endText(status: ExitStatus, wasOutOfMemory: () => boolean): string {
  const text = exitText(status);
  return status.signal === sigkill && wasOutOfMemory() ? `${text} (out of memory)` : text;
}

/** The record as fields of a log line; what is not known is left out. */
export function crashFields(record: CrashRecord): Readonly<Record<string, unknown>> {
  const { exitCode, signal, core, error, uptime, restarts, nextTry, because } = record;
  const { peakMemory, cpuTime, lastLines } = record;
  const fields = {
    error,
    exit_code: exitCode,
    signal,
    core,
    uptime,
    peak_memory: peakMemory,
    cpu_time: cpuTime,
    restarts,
    next_try: nextTry,
    reason: because,
    last_lines: lastLines.length > 0 ? lastLines : undefined,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
