import { located } from "../caddyfile/dispenser.ts";
import { type Token, tokenPlace } from "../caddyfile/token.ts";
import { type Place, SupervisorError } from "../errors.ts";

/** What the Go module would misread without a word. */
export type ProblemCode =
  /** A word that is no option, at the begin of a line. */
  | "UNKNOWN_OPTION"
  /** A block where none belongs. */
  | "UNKNOWN_BLOCK"
  /** A word behind an option that takes no more. */
  | "EXTRA_ARGUMENT"
  /** Words between `supervisor` and its block. */
  | "SUPERVISOR_ARGUMENTS"
  /** A second `supervisor` option. */
  | "SUPERVISOR_REPEATED"
  /** A stop signal that is none (or, to the module, is written in a way that it does not know). */
  | "STOP_SIGNAL";

/** A part of a `supervisor` block that the Go module reads otherwise than it looks. */
export interface Problem {
  readonly code: ProblemCode;
  /** Ends with `, at FILE:LINE`. */
  readonly message: string;
  readonly place: Place;
  /** What to write instead. */
  readonly hint?: string;
}

/** A problem at a token. */
export function problemAt(token: Token, code: ProblemCode, message: string, hint?: string): Problem {
  const problem = { code, message: message + located(token), place: tokenPlace(token) };
  return hint === undefined ? problem : { ...problem, hint };
}

/**
 * Refuses what has problems, as every command does without `--compat`.
 * @throws SupervisorError CADDYFILE_PROBLEM, for the first of them.
 */
export function refuseProblems(problems: readonly Problem[]): void {
  const first = problems[0];
  if (first)
    throw new SupervisorError("CADDYFILE_PROBLEM", first.message, { place: first.place, hint: first.hint });
}
