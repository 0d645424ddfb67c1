import type { Clock, Timer } from "./ports.ts";
import { Turns } from "./turns.ts";

/** The longest delay that a Node timer takes. */
const longest = 2 ** 31 - 1;

const turns = new Turns();

/** Node's timers and its monotonic clock: a jump of the wall clock changes nothing. */
export const nodeClock: Clock = {
  now() {
    // `performance` would load a module of its own.
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1_000 + nanoseconds / 1e6;
  },
  after(delay, callback) {
    // Node's shortest timer takes a millisecond: as long as all else between a crash and the replacement.
    if (delay <= 0) return turns.add(callback);
    let due: Timer | undefined;
    const timer = setTimeout(
      () => {
        due = turns.add(callback);
      },
      Math.min(delay, longest),
    );
    return {
      cancel() {
        clearTimeout(timer);
        due?.cancel();
      },
    };
  },
};
