// Runs the program until it has done its work.
import { spawn } from "node:child_process";

/** The exit code; what goes on running is stopped when all of it runs. */
export function finish(cwd, args) {
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    if (text.includes("serving initial configuration")) child.kill("SIGTERM");
  });
  return new Promise((resolve) => child.once("close", resolve));
}
