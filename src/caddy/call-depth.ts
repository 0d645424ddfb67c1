import { callsVariable } from "../supervise/environment.ts";

/** More calls of stock Caddy inside each other than anybody wants; fewer than a machine notices. */
const deepest = 4;

/** The environment for a call of stock Caddy: should that be a script which leads back to us, the calls are counted. */
export function callEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, [callsVariable]: String(depthOf(env) + 1) };
}

/** Whether what we take for stock Caddy has called us again and again. */
export function goesInCircles(env: NodeJS.ProcessEnv): boolean {
  return depthOf(env) >= deepest;
}

function depthOf(env: NodeJS.ProcessEnv): number {
  return Number(env[callsVariable]) || 0;
}
