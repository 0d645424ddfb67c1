import type { RestartPlan } from "../config/restart-plan.ts";
import { type NextStart, nextStart } from "./backoff.ts";
import type { Decide, RunEnd, Verdict } from "./restart.ts";

/** When an ended run is followed by another; may be replaced while a replica runs. */
export interface RestartRules extends Omit<RestartPlan, "essential"> {
  readonly decide: Decide;
}

/** What follows an ended run. */
export interface Aftermath extends NextStart {
  readonly verdict: Verdict;
  /** Why it is given up on, beyond its own end; undefined when there is no more to say. */
  readonly because: string | undefined;
}

/** Remembers what the next verdict on a replica depends on: the back-off so far, and when it was restarted. */
export class Verdicts {
  readonly #random: (() => number) | undefined;
  /** What the next failure will wait (ms). */
  #delay = 0;
  /** When it was restarted, oldest first; never more than the limit counts. */
  #restarts: number[] = [];

  constructor(random: (() => number) | undefined) {
    this.#random = random;
  }

  /** Somebody has started it: what came before does not count against it. */
  forgive(): void {
    this.#delay = 0;
    this.#restarts = [];
  }

  /** `now` is on the supervisor's clock, in ms. */
  judge(end: RunEnd, rules: RestartRules, now: number): Aftermath {
    const next = nextStart(end, this.#delay, rules.backoff, this.#random);
    this.#delay = next.delay;
    const verdict = rules.decide(end);
    if (verdict !== "again" || rules.limit === undefined) return { ...next, verdict, because: undefined };
    const { restarts, within } = rules.limit;
    this.#restarts = this.#restarts.filter((at) => now - at < within);
    if (this.#restarts.length >= restarts) {
      return {
        ...next,
        verdict: "failed",
        because: `more than ${restarts} restarts within ${within / 1000}s`,
      };
    }
    this.#restarts.push(now);
    return { ...next, verdict, because: undefined };
  }
}
