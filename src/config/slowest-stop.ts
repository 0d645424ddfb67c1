import type { ReplicaPlan } from "./options.ts";

/** The replica whose stop may take the longest, until SIGKILL follows. */
export interface SlowestStop {
  /** Milliseconds: all signals and the stop command, one after another. */
  readonly wait: number;
  /** The command as it is written in the configuration. */
  readonly command: readonly string[];
}

/** Replicas stop side by side, so a stop takes as long as the slowest. Undefined without replicas. */
export function slowestStop(plans: readonly ReplicaPlan[]): SlowestStop | undefined {
  return plans
    .map((plan) => ({ wait: longestWait(plan), command: plan.commandAsWritten }))
    .reduce<SlowestStop | undefined>(
      (slowest, each) => (slowest && slowest.wait >= each.wait ? slowest : each),
      undefined,
    );
}

/** A stop command has the grace period, and the signals follow it. */
function longestWait({ stopSteps, stopCommand, options }: ReplicaPlan): number {
  const signals = stopSteps.reduce((sum, { wait }) => sum + Math.max(wait, 0), 0);
  const command = stopCommand.length === 0 ? 0 : Number(options.terminationGracePeriod) / 1e6;
  return signals + Math.max(command, 0);
}
