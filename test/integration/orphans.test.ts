import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
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

/** Nothing tells from outside that orphans are inherited, but the library that asks for it can be seen. */
const nativeIsLoaded = (pid: number) => readFileSync(`/proc/${pid}/maps`, "latin1").includes("koffi");

it.runIf(canDrop)("finds a daemon of another user that has left everything behind", async () => {
  chmodSync(sandbox.folder, 0o777);
  const gate = sandbox.path("gate");
  spawnSync("mkfifo", ["-m", "666", gate]);
  // The process exists before we ask for orphans; it makes one at the gate, in its own session, with no environment.
  sandbox.write(
    "Supervisorfile",
    `sh -c "cat ${gate}; (env -i setsid sleep 86399 &); exec env -i sleep 86400" {
      user www-data
    }`,
  );
  const run = await sandbox.start(["run"], { through: withoutPtrace }).ready();
  await until("koffi", () => nativeIsLoaded(run.pid));
  writeFileSync(gate, "");
  const orphan = await until("the orphan", () =>
    children(run.pid).find(({ name }) => name === "sleep" && isOrphan(run.pid)),
  );
  expect(orphan.name).toBe("sleep");
  const pids = children(run.pid)
    .filter(({ name }) => name === "sleep")
    .map(({ pid }) => pid);
  expect(await run.stop()).toBe(0);
  expect(pids.map((pid) => existsSync(`/proc/${pid}`))).toEqual([false, false]);
  expect(run.logged("killed processes that had left their parents")).toHaveLength(1);
});

const isOrphan = (of: number) => children(of).filter(({ name }) => name === "sleep").length === 2;

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
