import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fileWritten, isAlive, processGone } from "../support/gates.ts";
import { programs, repository, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
let terminal: ChildProcess | undefined;
beforeEach(() => {
  sandbox = new Sandbox();
  sandbox.write(
    "Supervisorfile",
    `${process.execPath} ${programs}/report.mjs {
      env REPORT ${sandbox.folder}/report
      redirect_stdout file out.log
    }`,
  );
});
afterEach(async () => {
  terminal?.kill("SIGKILL");
  await sandbox.remove();
});

/** Runs the program on a terminal of its own (script(1)); to kill that is to close the window. */
async function runOnTerminal(prefix: string): Promise<{ ours: number; process: number }> {
  const command = `${prefix} ${process.execPath} ${join(repository, "bin/caddy-supervisor.js")} run --pidfile our.pid`;
  terminal = spawn("script", ["-qefc", command, "/dev/null"], {
    cwd: sandbox.folder,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ours = Number(await fileWritten(sandbox.path("our.pid")));
  const { pid } = JSON.parse(await fileWritten(sandbox.path("report")));
  return { ours, process: pid };
}

it("ends gracefully when its terminal is closed", async () => {
  const { ours, process: worker } = await runOnTerminal("exec");
  terminal?.kill("SIGKILL");
  await processGone(ours);
  expect(isAlive(worker)).toBe(false);
  expect(readFileSync(sandbox.path("out.log"), "utf8")).toBe("got SIGINT\n");
});

it("stays when its terminal is closed under nohup", async () => {
  const { ours, process: worker } = await runOnTerminal("exec nohup");
  const { pid = 0 } = terminal ?? {};
  terminal?.kill("SIGKILL");
  await processGone(pid);
  // A signal that is ignored leaves no trace: send one that is answered behind it.
  process.kill(ours, "SIGHUP");
  process.kill(ours, "SIGUSR2");
  await fileContains(sandbox.path("nohup.out"), '"signal":"SIGUSR2"');
  expect([isAlive(ours), isAlive(worker)]).toEqual([true, true]);
  process.kill(ours, "SIGTERM");
  await processGone(ours);
  expect(isAlive(worker)).toBe(false);
});

async function fileContains(path: string, text: string): Promise<void> {
  const { until } = await import("../support/gates.ts");
  await until(`${text} in ${path}`, () => readFileSync(path, "utf8").includes(text));
}
