import type { Definition } from "./definition.ts";
import { invalid, milliseconds } from "./invalid.ts";
import { signalNumber } from "./stop-signal.ts";

/** One attempt to make a process stop: a signal to its group, and how long (ms) it may take to work. */
export interface StopStep {
  readonly signal: number;
  readonly wait: number;
}

/**
 * The signals of a stop, in order; SIGKILL follows when they are used up.
 *
 * @param only what `stop_signal` says, taken unless the definition lists signals
 * @throws SupervisorError `DEFINITION`
 */
export function planStop({ stopSignals, stopSignal }: Definition, only: StopStep): StopStep[] {
  if (stopSignals === undefined || stopSignals.length === 0) return [only];
  if (stopSignal)
    throw invalid("stop_signals", "'stop_signal' and 'stop_signals' exclude each other", "keep one of them");
  return stopSignals.map(({ signal, wait }) => {
    const number = signalNumber(signal ?? "");
    if (number === undefined)
      throw invalid(
        "stop_signals",
        `'stop_signals' should be signals and durations, '${signal}' given`,
        "write it as SIGTERM 10s SIGQUIT 5s",
      );
    return { signal: number, wait: wait ? milliseconds("stop_signals", "stop_signals", wait) : only.wait };
  });
}
