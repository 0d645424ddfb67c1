import { BoundError, maximumSteps, stepsExceeded } from "./bounds.ts";
import type { StepBudget } from "./model.ts";

/**
 * What one execution may still do, in steps: about what an action costs, a microsecond or less. Counting instead of
 * looking at the clock makes a template fail on every machine or on none.
 */
export class Budget implements StepBudget {
  private left: number;

  constructor(steps: number = maximumSteps) {
    this.left = steps;
  }

  take(steps: number): boolean {
    this.left -= steps;
    return this.left >= 0;
  }

  /** @throws BoundError when the steps are not left */
  spend(steps: number): void {
    if (!this.take(steps)) throw new BoundError(stepsExceeded);
  }
}
