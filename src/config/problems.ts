import { located } from "../caddyfile/dispenser.ts";
import { type Token, tokenPlace } from "../caddyfile/token.ts";
import { type ErrorCode, type Place, SupervisorError } from "../errors.ts";

/** What the Go module would misread without a word. */
export type ProblemCode = ErrorCode &
  (
    | "UNKNOWN_OPTION"
    | "UNKNOWN_BLOCK"
    | "EXTRA_ARGUMENT"
    | "SUPERVISOR_ARGUMENTS"
    | "SUPERVISOR_REPEATED"
    | "STOP_SIGNAL"
  );

/** A part of a `supervisor` block that the Go module reads otherwise than it looks. */
export interface Problem {
  readonly code: ProblemCode;
  /** Ends with `, at FILE:LINE`. */
  readonly message: string;
  readonly place: Place;
  /** What to write instead. */
  readonly hint?: string;
}

/** What is no error: the configuration works, though perhaps not as it was meant. */
export interface Notice {
  /** A template outside quotes, or what Caddy's parser only logs. */
  readonly code: "UNQUOTED_TEMPLATE" | "CADDYFILE_WARNING";
  /** Ends with `, at FILE:LINE`. */
  readonly message: string;
  readonly place: Place;
  readonly hint?: string;
}

/** A problem at a token. */
export function problemAt(token: Token, code: ProblemCode, message: string, hint?: string): Problem {
  const problem = { code, message: message + located(token), place: tokenPlace(token) };
  return hint === undefined ? problem : { ...problem, hint };
}

/**
 * Refuses what has problems, as every command does without `--compat`.
 * @throws SupervisorError for the first of them; `others` are the rest.
 */
export function refuseProblems(problems: readonly Problem[]): void {
  const [first, ...others] = problems.map(problemError);
  if (first) throw withOthers(first, others);
}

/** The error that refuses a problem. */
export function problemError({ code, message, place, hint }: Problem): SupervisorError {
  return new SupervisorError(code, message, { place, hint });
}

/** The error, with what else is wrong in the same text. */
export function withOthers(error: SupervisorError, others: readonly SupervisorError[]): SupervisorError {
  if (others.length === 0) return error;
  const { code, message, place, option, hint, cause } = error;
  return new SupervisorError(code, message, { place, option, hint, cause, others });
}
