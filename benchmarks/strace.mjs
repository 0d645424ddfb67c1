// System calls, counted by strace(1).
import { spawn } from "node:child_process";
import { onPath } from "../scripts/setup.mjs";
import { threadsOf } from "./proc.mjs";

export const hasStrace = () => onPath("strace") !== undefined;

/** How many calls all threads of these processes make during some work; none of processes that they start. */
export async function countSyscalls(pids, work) {
  const threads = pids.flatMap((pid) => threadsOf(pid));
  const strace = spawn("strace", ["-c", ...threads.flatMap((thread) => ["-p", String(thread)])], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  const attached = new Promise((resolve, reject) => {
    strace.once("error", reject);
    strace.stderr.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      if ((text.match(/ attached/g) ?? []).length >= threads.length) resolve();
    });
  });
  const ended = new Promise((resolve) => strace.once("close", resolve));
  await attached;
  await work();
  strace.kill("SIGINT");
  await ended;
  // The row of the sum: `100.00    0.001234           1       845        12 total`.
  return Number(/^100\.00\s+\S+\s+(?:\S+\s+)?(\d+)\s+(?:\d+\s+)?total$/m.exec(text)?.[1] ?? 0);
}
