import { getPriority } from "node:os";
import type { ReplicaPlan } from "../config/options.ts";
import { type LaunchPlan, plainLaunch, planLaunch } from "../supervise/launch-plan.ts";

/**
 * How the replicas of a definition are started: the same way all of them, so the first one's plan tells.
 *
 * @throws SupervisorError `UNKNOWN_USER`, `USER_NEEDS_ROOT`, `RIGHTS`
 */
export function launchOf(plan: ReplicaPlan | undefined, compat = false): LaunchPlan {
  if (plan === undefined) return plainLaunch;
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, nice: getPriority() };
  return planLaunch({ user: plan.options.user, rights: plan.rights, compat }, own);
}
