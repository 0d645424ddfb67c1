import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { linuxProcessTable } from "../../src/supervise/process-table.ts";
import { until } from "../support/gates.ts";
import { repository, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
let unshare: ChildProcess | undefined;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(async () => {
  unshare?.kill("SIGKILL");
  await sandbox.remove();
});

/** Runs the program as the first process of a PID namespace of its own, as a container does. */
async function runAsInit(): Promise<{ log: () => string; pid: number; ended: Promise<number | null> }> {
  const bin = join(repository, "bin/caddy-supervisor.js");
  unshare = spawn("unshare", [...inNamespace, process.execPath, bin, "run"], {
    cwd: sandbox.folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const child = unshare;
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  await until(`the start:\n${text}`, () => text.includes("serving initial configuration"));
  const pid = await until(
    "our process",
    () => linuxProcessTable.all()?.find(({ parent }) => parent === child.pid)?.pid,
  );
  return { log: () => text, pid, ended };
}

/** A container may forbid namespaces; CI's machine does not. */
const inNamespace = ["--pid", "--fork", "--kill-child", "--mount-proc"];
const canUnshare = spawnSync("unshare", [...inNamespace, "true"]).status === 0;
if (!canUnshare) console.warn("unshare(1) may not make a PID namespace here: the test of PID 1 is left out");

it.runIf(canUnshare)("buries the orphans of the container and loses no exit code of our own", async () => {
  // Each run leaves an orphan behind that ends later, and ends itself with 7.
  sandbox.write(
    "Supervisorfile",
    `sh -c "setsid env -i sleep 0.05 & exit 7" {
      replicas 20
    }
    sleep 86400`,
  );
  const { log, pid, ended } = await runAsInit();
  const exits = () =>
    log()
      .split("\n")
      .filter((line) => line.includes('"process exited'));
  await until("60 exits", () => exits().length >= 60);
  expect(exits().every((line) => line.includes('"error":"exit status 7"'))).toBe(true);
  const zombies = () => (linuxProcessTable.all() ?? []).filter(({ parent, dead }) => parent === pid && dead);
  await until("an end without zombies", () => zombies().length === 0);
  process.kill(pid, "SIGTERM");
  expect(await ended).toBe(0);
});
