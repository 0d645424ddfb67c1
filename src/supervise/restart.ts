import type { RestartPolicy } from "../config/definition.ts";
import type { EndedRun } from "./backoff.ts";
import type { ExitStatus } from "./exit-status.ts";

/** A run that is over; `status` is undefined when the process could not even be started. */
export interface RunEnd extends EndedRun {
  readonly status: ExitStatus | undefined;
  /** Why it is no success; undefined for one. */
  readonly error: string | undefined;
  /** Counts the starts of the replica from 1. */
  readonly life: number;
  /** Whether the replica was ready in this run or an earlier one. */
  readonly wasReady: boolean;
}

/** What follows a run: another one, rest, or giving up. */
export type Verdict = "again" | "done" | "failed";

export type Decide = (end: RunEnd) => Verdict;

/** The original's three policies; a failed start counts as a failed run. */
export const decideByPolicy: Readonly<Record<RestartPolicy, Decide>> = {
  always: () => "again",
  on_failure: ({ clean }) => (clean ? "done" : "again"),
  never: ({ status }) => (status === undefined ? "failed" : "done"),
};
