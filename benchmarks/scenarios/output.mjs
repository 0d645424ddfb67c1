// What it costs when a process writes much: CPU time per GB, memory, lines lost.
import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { allocated } from "../heap.mjs";
import { lostLines } from "../numbered-lines.mjs";
import { pssOf } from "../proc.mjs";
import { now } from "../running.mjs";
import { countSyscalls } from "../strace.mjs";

const lineLength = 100;
const longestMs = 120_000;
const pollMs = 10;
/** A file that has not grown for so long (ms) is complete. */
const quiet = 500;

/** So that what is loaded late does not count (ms). */
const settling = 1_000;

function flood({ name, title, output, megabytes, rounds, systems, logPipe = false }) {
  const bytes = megabytes * 1e6;
  return {
    name,
    title,
    rounds,
    systems,
    load: { replicas: 1, mode: "flood", output, bytes, rollSize: "4GiB", logPipe },
    async measure(running) {
      await running.launch();
      await after(settling);
      const path = outputOf(running);
      const before = { cpu: running.cpu(), pss: pssOf(running.pid) };
      const openedAt = now();
      await running.openGate();
      const { writtenAt, largest } = await written(running, path);
      return {
        "MB/s": megabytes / ((writtenAt - openedAt) / 1e9),
        "CPU s per GB": ((running.cpu() - before.cpu) / bytes) * 1e9,
        "memory growth, MB": Math.max(0, largest - before.pss) / 1024,
        "lines lost": lostLines(path, bytes / lineLength),
      };
    },
  };
}

/** Our log is our stderr. */
function outputOf({ system, load, folder, output }) {
  return system.name === "ours" && load.output === "log" ? join(folder, "stderr") : output;
}

/** Waits until all was written and the file grows no more. Tells when that was, and the most memory seen (KiB). */
async function written(running, path) {
  let size = -1;
  let largest = 0;
  let writtenAt = now();
  const end = performance.now() + longestMs;
  while (performance.now() < end) {
    largest = Math.max(largest, pssOf(running.pid));
    const grown = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (grown !== size) writtenAt = now();
    else if (running.look() >= 2 && now() - writtenAt > quiet * 1e6) break;
    size = grown;
    await after(pollMs);
  }
  return { writtenAt, largest };
}

/** Counted, so that a regression shows on a noisy machine too. */
function counted(output) {
  const megabytes = 400;
  return {
    name: `${output}-calls`,
    title: `system calls and memory, output to \`${output === "log" ? "log" : "file PATH { }"}\``,
    rounds: 1,
    systems: ["ours"],
    load: { replicas: 1, mode: "flood", output, bytes: megabytes * 1e6, rollSize: "4GiB" },
    nodeFlags: ["--trace-gc"],
    async measure(running) {
      await running.launch();
      await after(settling);
      const before = allocated(running);
      const flood = async () => {
        await running.openGate();
        await written(running, outputOf(running));
      };
      const calls = await countSyscalls([running.pid], flood);
      return {
        "calls per MB": calls / megabytes,
        "KB of JavaScript objects per MB": ((allocated(running) - before) / megabytes) * 1_000,
      };
    },
  };
}

export const outputs = [
  flood({
    name: "file",
    title: "1 process writes 100-byte lines to `file PATH`",
    output: "file",
    megabytes: 400,
    rounds: 2,
    // s6 and runit leave the file to a logger, or to whoever starts them.
    systems: ["ours", "node", "pm2", "supervisord"],
  }),
  flood({
    name: "managed",
    title: "the same, to a file that the supervisor writes and rolls",
    output: "managed",
    megabytes: 400,
    rounds: 2,
    systems: ["ours", "pm2", "supervisord"],
  }),
  flood({
    name: "log",
    title: "the same, each line a record (`redirect_stdout log`)",
    output: "log",
    megabytes: 400,
    rounds: 2,
    systems: ["ours", "pm2"],
  }),
  flood({
    name: "log-pipe",
    title: "the same, and our log is a pipe, as in a container",
    output: "log",
    megabytes: 400,
    rounds: 2,
    systems: ["ours"],
    logPipe: true,
  }),
  counted("managed"),
  counted("log"),
];
