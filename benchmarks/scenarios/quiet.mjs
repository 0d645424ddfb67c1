// While nothing happens, and while somebody asks.
import { spawnSync } from "node:child_process";
import { setTimeout as after } from "node:timers/promises";
import { now } from "../running.mjs";
import { milliseconds } from "../statistics.mjs";
import { countSyscalls, hasStrace } from "../strace.mjs";

const settling = 3_000;

const idle = {
  name: "idle",
  title: "100 processes, 20 s of nothing",
  rounds: 1,
  systems: ["ours", "node", "pm2"],
  load: { replicas: 100 },
  async measure(running) {
    await running.launch();
    await after(settling);
    const before = running.cpu();
    const seconds = 20;
    const rest = () => after(seconds * 1_000);
    await after(seconds * 250);
    const cpu = running.cpu() - before;
    if (!hasStrace()) return { "CPU ms in 5 s": cpu * 1_000 };
    const calls = await countSyscalls(running.supervisingPids(), rest);
    return { "CPU ms in 5 s": cpu * 1_000, "system calls per s": calls / seconds };
  },
};

const status = {
  name: "status",
  title: "status of 100 processes",
  rounds: 2,
  systems: ["ours", "pm2", "supervisord", "s6", "runit"],
  load: { replicas: 100 },
  async measure(running) {
    await running.launch();
    await after(settling / 3);
    const { command, args, env = {}, cwd } = running.system.status(running);
    const startedAt = now();
    const { stdout, stderr } = spawnSync(command, args, {
      cwd,
      env: { ...running.env, ...env },
      encoding: "utf8",
    });
    const endedAt = now();
    if (stdout.split("\n").length < 100) throw new Error(`${running.system.name}: ${stdout}${stderr}`);
    return { "answer, ms": milliseconds(endedAt - startedAt) };
  },
};

export const quiet = [idle, status];
