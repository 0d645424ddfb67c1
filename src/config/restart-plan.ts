import type { Definition } from "./definition.ts";
import { invalid, milliseconds } from "./invalid.ts";

/** The wait between runs; times in ms. */
export interface BackoffSettings {
  /** The wait after the second failure in a row. */
  readonly initial: number;
  readonly maximum: number;
  readonly multiplier: number;
  /** A run at least this long forgets earlier failures. */
  readonly resetAfter: number;
  /** The part of a wait, from 0 to 1, that is left to chance: it may be that much shorter. */
  readonly jitter: number;
  /** The least time between two starts, after a clean exit. */
  readonly spacing: number;
}

/** The original's back-off. */
export const defaultBackoff: BackoffSettings = {
  initial: 1_000,
  maximum: 300_000,
  multiplier: 2,
  resetAfter: 600_000,
  jitter: 0,
  spacing: 1_000,
};

/** When a run that ended is followed by another. */
export interface RestartPlan {
  readonly backoff: BackoffSettings;
  /** No more than so many restarts within so many ms; undefined: any number. */
  readonly limit: { readonly restarts: number; readonly within: number } | undefined;
  /** Exit codes that are no failure: 0, and what the definition adds. */
  readonly successExitCodes: readonly number[];
  /** Everything ends when this is finally down. */
  readonly essential: boolean;
}

/** @throws SupervisorError `DEFINITION` */
export function planRestarts(definition: Definition): RestartPlan {
  return {
    backoff: planBackoff(definition.backoff ?? {}),
    limit: planLimit(definition.restartLimit),
    successExitCodes: [0, ...(definition.successExitCodes ?? []).map(exitCode)],
    essential: definition.essential ?? false,
  };
}

function planBackoff({
  initial,
  max,
  multiplier,
  resetAfter,
  jitter,
}: NonNullable<Definition["backoff"]>): BackoffSettings {
  const time = (name: string, text: string | undefined, preset: number, least = 0) =>
    text ? milliseconds("backoff", name, text, least) : preset;
  const plan: BackoffSettings = {
    ...defaultBackoff,
    initial: time("initial", initial, defaultBackoff.initial, 1),
    maximum: time("max", max, defaultBackoff.maximum, 1),
    resetAfter: time("reset_after", resetAfter, defaultBackoff.resetAfter),
    multiplier: multiplier ?? defaultBackoff.multiplier,
    jitter: jitter ?? defaultBackoff.jitter,
  };
  if (!(plan.multiplier >= 1 && plan.multiplier <= 1_000))
    throw invalid("backoff", `'multiplier' should be from 1 to 1000, '${plan.multiplier}' given`);
  if (!(plan.jitter >= 0 && plan.jitter <= 1))
    throw invalid("backoff", `'jitter' should be from 0 to 1, '${plan.jitter}' given`);
  if (plan.initial > plan.maximum)
    throw invalid("backoff", "'initial' should not be longer than 'max'", "set both");
  return plan;
}

function planLimit(limit: Definition["restartLimit"]): RestartPlan["limit"] {
  if (limit === undefined) return undefined;
  const { restarts } = limit;
  if (!(restarts >= 0 && restarts <= 10_000))
    throw invalid("restart_limit", `'restart_limit' should be from 0 to 10000 restarts, '${restarts}' given`);
  return { restarts, within: milliseconds("restart_limit", "within", limit.within ?? "", 1) };
}

function exitCode(code: number): number {
  if (code >= 0 && code <= 255) return code;
  throw invalid("success_exit_codes", `'success_exit_codes' should be from 0 to 255, '${code}' given`);
}
