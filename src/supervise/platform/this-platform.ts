import { spawnSync } from "node:child_process";
import { darwin } from "./darwin.ts";
import { linux } from "./linux.ts";
import type { Platform, RunTool } from "./platform.ts";
import { windows } from "./windows.ts";

/** How long a program of the system may take (ms). */
const timeout = 10_000;

const runTool: RunTool = (command, args) => {
  const { status, stdout } = spawnSync(command, args, {
    encoding: "utf8",
    timeout,
    maxBuffer: 2 ** 26,
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, LC_ALL: "C" },
  });
  return status === 0 ? stdout : undefined;
};

/** The platform we run on; what is like none of the others is taken for Linux. */
export const thisPlatform: Platform = platformNamed(process.platform, runTool);

export function platformNamed(name: string, run: RunTool): Platform {
  if (name === "darwin") return darwin(run);
  return name === "win32" ? windows(run) : linux;
}
