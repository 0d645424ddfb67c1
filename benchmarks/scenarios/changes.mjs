// A reload of which most is unchanged, and a thousand definitions to load.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { now } from "../running.mjs";
import { milliseconds } from "../statistics.mjs";
import { caddyfile, program } from "../systems/ours.mjs";

const reload = {
  name: "reload",
  title: "reload of 1,000 processes of which one has changed",
  rounds: 2,
  systems: ["ours"],
  load: { replicas: 1_000, definitions: 1_000 },
  async measure(running) {
    await running.launch();
    await after(500);
    const cpuBefore = running.cpu();
    writeFileSync(join(running.folder, "Caddyfile"), caddyfile(running, true));
    const startedAt = now();
    const { status, stderr } = spawnSync(running.node, [program, "reload"], {
      cwd: running.folder,
      env: running.env,
      encoding: "utf8",
    });
    const endedAt = now();
    if (status !== 0) throw new Error(stderr);
    const changedAt = await running.recordsUpTo(1_001);
    await after(100);
    if (running.look() !== 1_001) throw new Error("more than one was restarted");
    return {
      "command, ms": milliseconds(endedAt - startedAt),
      "→ the changed one is up, ms": milliseconds(changedAt - startedAt),
      "supervisor's CPU s": running.cpu() - cpuBefore,
    };
  },
};

/** Node itself is the floor: `node -e 0`. */
const load = {
  name: "load",
  title: "commands that start nothing",
  rounds: 5,
  systems: ["ours", "node"],
  load: { replicas: 1_000, definitions: 1_000 },
  measure(running) {
    const timeOf = (...args) => {
      const startedAt = now();
      const { status, stderr } = spawnSync(running.node, args, { cwd: running.folder, encoding: "utf8" });
      if (status !== 0) throw new Error(stderr);
      return milliseconds(now() - startedAt);
    };
    if (running.system.name === "node") {
      const floor = timeOf("-e", "0");
      return {
        "`--version`, ms": floor,
        "`validate`, 1 definition, ms": floor,
        "`validate`, 1,000 definitions, ms": floor,
      };
    }
    const small = join(running.folder, "Supervisorfile");
    writeFileSync(small, "sleep 1\n");
    return {
      "`--version`, ms": timeOf(program, "--version"),
      "`validate`, 1 definition, ms": timeOf(program, "validate", "--config", small),
      "`validate`, 1,000 definitions, ms": timeOf(program, "validate"),
    };
  },
};

export const changes = [reload, load];
