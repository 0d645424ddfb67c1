import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { linuxProcessTable } from "../../src/supervise/process-table.ts";
import { isAlive, until } from "../support/gates.ts";
import { Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

/** As a container without CAP_SYS_PTRACE: the environment of another user's process cannot be read. */
const withoutPtrace = ["setpriv", "--bounding-set", "-sys_ptrace", "--inh-caps", "-sys_ptrace"];
const canDrop = spawnSync("setpriv", [...withoutPtrace.slice(1), "true"]).status === 0;
if (!canDrop) console.warn("setpriv may not drop a capability here: the tests of orphans are left out");

const children = (of: number) =>
  (linuxProcessTable.all() ?? [])
    .filter(({ parent }) => parent === of)
    .map(({ pid, name }) => ({ pid, name }));

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
}

it.runIf(canDrop)("finds a daemon of another user that has left everything behind", async () => {
  chmodSync(sandbox.folder, 0o777);
  // Each in its own session, with no environment; the last one stays.
  sandbox.write(
    "Supervisorfile",
    `sh -c "(env -i setsid sleep 86399 &); exec env -i sleep 86400" {
      user www-data
    }`,
  );
  const run = await sandbox.start(["run"], { through: withoutPtrace }).ready();
  const orphan = await until("the orphan", () =>
    children(run.pid).find(({ pid }) => commandLine(pid).includes("sleep\x0086399")),
  );
  expect(await run.stop()).toBe(0);
  expect(existsSync(`/proc/${orphan.pid}`)).toBe(false);
  expect(run.logged("killed processes that had left their parents")).toHaveLength(1);
});

it("buries orphans that end while we run, and loses no exit code of our own", async () => {
  sandbox.write(
    "Supervisorfile",
    `sh -c "(env -i setsid sleep 0.05 &); exit 7" {
      replicas 20
    }
    sleep 86400`,
  );
  const run = await sandbox.start(["run"]).ready();
  const exits = () => run.log.filter(({ msg }) => msg.startsWith("process exited"));
  await until("60 exits", () => exits().length >= 60);
  expect(exits().every(({ error }) => error === "exit status 7")).toBe(true);
  const zombies = () =>
    (linuxProcessTable.all() ?? []).filter(({ parent, dead }) => parent === run.pid && dead);
  await until("an end without zombies", () => zombies().length === 0);
  expect(isAlive(run.pid)).toBe(true);
  expect(await run.stop()).toBe(0);
}, 40_000);

it.runIf(canDrop)(
  "finds a child that changed its user and its session, below a process of ours",
  async () => {
    sandbox.write(
      "Supervisorfile",
      `sh -c "setsid env -i setpriv --reuid 33 --regid 33 --clear-groups sleep 86398 & wait"`,
    );
    const run = await sandbox.start(["run"], { through: withoutPtrace }).ready();
    const [started] = await run.waitFor("process started");
    const child = await until("the child", () =>
      children(Number(started?.pid)).find(({ name }) => name === "sleep"),
    );
    expect(await run.stop()).toBe(0);
    expect(isAlive(child.pid)).toBe(false);
  },
);
