// The floor that Node sets: child_process.spawn and an exit handler, nothing else. Run by systems/bare-node.mjs.
import { spawn } from "node:child_process";
import { openSync } from "node:fs";

const [command, replicas, output] = process.argv.slice(2);
const stdout = output ? openSync(output, "a") : "ignore";
const running = new Set();
let stopping = false;

function start() {
  const child = spawn(command, [], { detached: true, stdio: ["ignore", stdout, "ignore"] });
  running.add(child);
  child.once("exit", () => {
    running.delete(child);
    if (!stopping) start();
  });
}

function signalAll(signal) {
  for (const { pid } of running) {
    try {
      process.kill(-pid, signal);
    } catch {
      // Its exit has not reached us yet.
    }
  }
}

process.on("SIGTERM", () => {
  stopping = true;
  signalAll("SIGTERM");
  setTimeout(() => signalAll("SIGKILL"), 1_000).unref();
});
for (let each = 0; each < Number(replicas); each++) start();
