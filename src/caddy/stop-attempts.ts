import type { StopStep } from "../config/stop-plan.ts";

/**
 * SIGTERM, then SIGQUIT for in-flight requests that do not end (Caddy itself would wait for ever). Never a second SIGINT:
 * for Caddy that means to give up at once.
 */
export const caddyStopAttempts: readonly StopStep[] = [
  { signal: 15, wait: 3_000 },
  { signal: 3, wait: 1_000 },
];

/** How long (ms) Caddy may take to stop, until SIGKILL follows. */
export const longestCaddyStop = caddyStopAttempts.reduce((sum, { wait }) => sum + wait, 0);
