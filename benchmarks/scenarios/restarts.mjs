// Thousands of short lives: what a restart costs, and whether memory stays flat.
import { setTimeout as after } from "node:timers/promises";
import { allocated } from "../heap.mjs";
import { countSyscalls, hasStrace } from "../strace.mjs";

const wanted = Number(process.env.RESTARTS ?? 10_000);
const counted = 500;
const longestMs = 3_600_000;

/** A child that is not its program yet shows our memory as its own: of some looks the one that met none. */
async function steadyPss(running) {
  const looks = [];
  for (let look = 0; look < 9; look++) {
    looks.push(running.pss());
    await after(50);
  }
  return Math.min(...looks);
}

export const restarts = [
  {
    name: "restarts",
    title: `${wanted.toLocaleString("en")} restarts of 100 processes that crash at once (RESTARTS=100000 for more)`,
    rounds: 1,
    systems: ["ours", "node"],
    load: { replicas: 100, mode: "crash" },
    // V8 tells how much it has collected: what was allocated.
    nodeFlags: ["--trace-gc"],
    async measure(running) {
      await running.launch();
      await running.recordsUpTo(wanted / 10);
      const before = {
        pss: await steadyPss(running),
        cpu: running.cpu(),
        seen: running.look(),
        heap: allocated(running),
      };
      await running.recordsUpTo(before.seen + wanted, longestMs);
      const done = running.look() - before.seen;
      const cpu = running.cpu() - before.cpu;
      const heap = allocated(running) - before.heap;
      await after(2_000);
      const growth = (await steadyPss(running)) - before.pss;
      const result = {
        "CPU ms per restart": (cpu / done) * 1_000,
        "KB of JavaScript objects per restart": (heap / done) * 1_000,
        "memory growth, MB": growth,
      };
      if (!hasStrace()) return result;
      let between = 0;
      const calls = await countSyscalls([running.pid], async () => {
        const first = running.look();
        await running.recordsUpTo(first + counted);
        between = running.look() - first;
      });
      return { ...result, "system calls per restart": calls / between };
    },
  },
];
