import type { RestartPolicy } from "../../src/config/definition.ts";
import { defaultBackoff } from "../../src/config/restart-plan.ts";
import { decideByPolicy } from "../../src/supervise/restart.ts";
import type { StopAttempt, SupervisorRules } from "../../src/supervise/supervisor-parts.ts";

/** The rules of a definition that says nothing but its policy. */
export function plainRules(
  policy: RestartPolicy,
  stopAttempts: readonly StopAttempt[] = [{ signal: 2, wait: 10_000 }],
): SupervisorRules {
  return {
    decide: decideByPolicy[policy],
    stopAttempts,
    backoff: defaultBackoff,
    limit: undefined,
    successExitCodes: [0],
  };
}
