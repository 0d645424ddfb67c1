import { type BackoffSettings, defaultBackoff } from "../config/restart-plan.ts";

/**
 * When a replica is started again after a run has ended: pure arithmetic, in milliseconds.
 *
 * A failed run is followed by a wait of 0, 1, 2, 4 … s, at most 5 min; a run of at least 10 min forgets the failures
 * before it (the original's rule). A clean exit neither waits for nor resets that delay, but two starts of a
 * replica are never less than 1 s apart after one (the original spun at over a thousand starts per second).
 */

/** A run that is over. */
export interface EndedRun {
  readonly clean: boolean;
  /** How long it lasted; 0 for a failed start. */
  readonly uptime: number;
}

export type WaitReason = "backoff" | "spacing";

export interface NextStart {
  readonly wait: number;
  readonly reason: WaitReason;
  /** The delay for the failure after this one, to be handed in next time. */
  readonly delay: number;
  /** Whether a delay above 0 was forgotten because the run lasted long enough. */
  readonly reset: boolean;
}

/**
 * Decides the wait before the next start. `delay` is what the decision before this one returned, at first 0; `random`
 * gives numbers from 0 up to 1, for the jitter.
 */
export function nextStart(
  run: EndedRun,
  delay: number,
  settings: BackoffSettings = defaultBackoff,
  random: () => number = Math.random,
): NextStart {
  const lasted = run.uptime >= settings.resetAfter;
  const reset = lasted && delay > 0;
  const current = lasted ? 0 : delay;
  if (run.clean) {
    return { wait: Math.max(0, settings.spacing - run.uptime), reason: "spacing", delay: current, reset };
  }
  const following = current === 0 ? settings.initial : current * settings.multiplier;
  const wait = Math.round(current * (1 - settings.jitter * random()));
  return { wait, reason: "backoff", delay: Math.min(following, settings.maximum), reset };
}
