// How soon a process that was killed has a replacement.

import { now } from "../running.mjs";
import { median, milliseconds, quantile } from "../statistics.mjs";

/** Some wait a second before each start: they are not measured as often. */
const longestMs = 4_000;
const most = 60;

/** Each replica is killed once: nobody's back-off has begun. */
function oneByOne(name, replicas, rounds) {
  return {
    name,
    title: `crash of one of ${replicas.toLocaleString("en")}`,
    rounds,
    load: { replicas },
    async measure(running) {
      await running.launch();
      const times = [];
      const victims = running.records.slice(0, Math.min(replicas, most));
      const end = performance.now() + longestMs;
      for (const { pid } of victims) {
        if (performance.now() > end) break;
        const killedAt = now();
        process.kill(pid, "SIGKILL");
        const backAt = await running.recordsUpTo(replicas + times.length + 1);
        times.push(milliseconds(backAt - killedAt));
      }
      return { "replacement p50, ms": median(times), "replacement p99, ms": quantile(times, 0.99) };
    },
  };
}

const allAtOnce = {
  name: "mass",
  title: "500 killed at once",
  rounds: 2,
  load: { replicas: 500 },
  async measure(running) {
    await running.launch();
    const cpuBefore = running.cpu();
    const victims = running.records.map(({ pid }) => pid);
    const killedAt = now();
    for (const pid of victims) process.kill(pid, "SIGKILL");
    const backAt = await running.recordsUpTo(1_000);
    return {
      "all back, ms": milliseconds(backAt - killedAt),
      "CPU s until then": running.cpu() - cpuBefore,
    };
  },
};

const stubborn = {
  name: "stubborn",
  title: "stop 20 that ignore the signal, grace 1 s",
  rounds: 1,
  load: { replicas: 20, mode: "stubborn" },
  async measure(running) {
    await running.launch();
    const { askedAt, goneAt } = await running.stop();
    return { "last process gone, ms": milliseconds(goneAt - askedAt) };
  },
};

export const crashes = [oneByOne("crash-30", 30, 2), oneByOne("crash-1000", 1_000, 1), allAtOnce, stubborn];
