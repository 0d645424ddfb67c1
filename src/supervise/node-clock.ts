import { performance } from "node:perf_hooks";
import type { Clock } from "./ports.ts";

/** The longest delay that a Node timer takes. */
const longest = 2 ** 31 - 1;

/** Node's timers and its monotonic clock: a jump of the wall clock changes nothing. */
export const nodeClock: Clock = {
  now: () => performance.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(delay, 0), longest));
    return { cancel: () => clearTimeout(timer) };
  },
};
