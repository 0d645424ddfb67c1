// From the launch to the end: 1, 100 and 1,000 processes.
import { setTimeout as after } from "node:timers/promises";
import { milliseconds } from "../statistics.mjs";

/** Until what is loaded after the start is loaded (ms). */
const settling = 1_500;

function size(name, title, replicas, rounds) {
  return {
    name,
    title,
    rounds,
    load: { replicas },
    async measure(running) {
      const upAt = await running.launch();
      const cpu = running.cpu();
      await after(settling);
      const pss = running.pss();
      running.system.verify?.(running);
      const { askedAt, goneAt, endedAt } = await running.stop();
      return {
        "launch → all up, ms": milliseconds(upAt - running.startedAt),
        "CPU s until then": cpu,
        "PSS, MB": pss,
        "stop → last process gone, ms": milliseconds(goneAt - askedAt),
        "stop → supervisor ended, ms": milliseconds(endedAt - askedAt),
      };
    },
  };
}

export const sizes = [
  size("one", "1 process", 1, 4),
  size("hundred", "100 processes", 100, 2),
  size("thousand", "1,000 processes", 1_000, 2),
];
