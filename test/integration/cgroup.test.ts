import { chmodSync, chownSync, readFileSync } from "node:fs";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { processesIn } from "../../src/supervise/platform/cgroup-folder.ts";
import { linuxProcessTable } from "../../src/supervise/process-table.ts";
import { TestCgroup } from "../support/cgroups.ts";
import { fileWritten, isAlive, processGone, until } from "../support/gates.ts";
import { programs, Sandbox } from "../support/program.ts";

const group = TestCgroup.unified();
/** For another user. */
const given = TestCgroup.unified();
afterAll(() => Promise.all([group?.remove(), given?.remove()]));

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
  chmodSync(sandbox.folder, 0o777);
});
afterEach(() => sandbox.remove());

const path = group?.path ?? "";
const run = () => sandbox.start(["run", "--cgroup", path]);
const strayLine = (name: string, words: string) => `sh ${programs}/stray.sh ${sandbox.path(name)} ${words}`;
const strayOf = async (name: string) => Number(await fileWritten(sandbox.path(name)));

/** Nothing by which it could be found otherwise. */
function expectBare(pid: number, leader: number): void {
  const { session, parent } = linuxProcessTable.entry(pid) ?? {};
  expect([session, parent === leader]).toEqual([pid, false]);
  expect(readFileSync(`/proc/${pid}/environ`, "latin1")).toBe("");
  expect(readFileSync(`/proc/${pid}/status`, "utf8")).toContain("Uid:\t33\t33");
}

describe.runIf(group !== undefined)("run --cgroup", () => {
  it("kills what a stopped replica has left behind, and nothing of another one", async () => {
    const kept = strayLine("kept", "sleep 86400");
    sandbox.write("Supervisorfile", `${kept}\n${strayLine("gone", "sleep 86400")}`);
    const program = await run().ready();
    const pids = [await strayOf("kept"), await strayOf("gone")];
    for (const [index, { pid }] of (await program.waitFor("process started", 2)).entries())
      expectBare(pids[index] ?? 0, Number(pid));
    expect(group?.lives).toHaveLength(2);
    sandbox.write("Supervisorfile", kept);
    program.signal("SIGHUP");
    await program.waitFor("configuration reloaded");
    expect(pids.map(isAlive)).toEqual([true, false]);
    expect(program.logged("killed processes that were left behind")).toMatchObject([
      { processes: [{ pid: pids[1], name: "sleep" }] },
    ]);
    expect(group?.lives).toHaveLength(1);
    expect(await program.stop()).toBe(0);
    expect(pids.map(isAlive)).toEqual([false, false]);
    expect(group?.lives).toEqual([]);
  });

  it("kills what a run has left behind that ended by itself, while the next one runs", async () => {
    const script = sandbox.write(
      "once.sh",
      `[ -e ${sandbox.folder}/again ] && exec sleep 86400\n: > ${sandbox.folder}/again\nexec ${strayLine("stray", "true")}\n`,
    );
    sandbox.write("Supervisorfile", `sh ${script}`);
    const program = await run().ready();
    const stray = await strayOf("stray");
    await processGone(stray);
    const [, second] = await program.waitFor("process started", 2);
    await until("the cgroup of the first life to be removed", () => group?.lives.length === 1);
    expect(group?.lives[0]).toMatch(/^[0-9a-f]{12}-\d+\.\d+-0-2$/);
    expect(isAlive(Number(second?.pid))).toBe(true);
    expect(await program.stop()).toBe(0);
  });

  it("tells the CPU time of a crash, children included", async () => {
    const told = sandbox.path("told");
    sandbox.write(
      "Supervisorfile",
      `sh -c "${process.execPath} ${programs}/burn.mjs ${told}; exit 3" {\n restart_policy never\n}`,
    );
    const program = run();
    const [crash] = await program.waitFor("process crashed");
    const used = Number(readFileSync(told, "utf8")) / 1e6;
    // Beside what it has counted itself: the shell, and its own end.
    expect(crash?.cpu_time).toBeGreaterThan(used * 0.8);
    expect(crash?.cpu_time).toBeLessThan(used + 1);
    expect(await program.stop()).toBe(0);
  });

  it("makes none for a process that could not be started", async () => {
    chmodSync(sandbox.write("broken", "#!/no/such/interpreter\n"), 0o755);
    sandbox.write("Supervisorfile", "./broken {\n restart_policy never\n}\nsleep 86400");
    const program = await run().ready();
    await program.waitFor("failed to start process");
    expect(group?.lives).toHaveLength(1);
    expect(await program.stop()).toBe(0);
    expect(group?.lives).toEqual([]);
  });

  it("lets the guard kill all of it when we are killed", async () => {
    sandbox.write("Supervisorfile", strayLine("stray", "sleep 86400"));
    const program = await run().ready();
    const stray = await strayOf("stray");
    program.signal("SIGKILL");
    await processGone(stray);
    await until("the cgroup to be removed", () => group?.lives.length === 0);
  });

  it("lets the next start do it when the guard was killed, too, also without the flag", async () => {
    sandbox.write("Supervisorfile", strayLine("stray", "sleep 86400"));
    const program = await run().ready();
    const stray = await strayOf("stray");
    const guard = linuxProcessTable
      .all()
      ?.find(({ parent, pid }) => parent === program.pid && commandLine(pid).includes("guard"));
    process.kill(guard?.pid ?? 0, "SIGKILL");
    program.signal("SIGKILL");
    await program.ended;
    expect(isAlive(stray)).toBe(true);
    sandbox.write("Supervisorfile", "sleep 86400");
    const next = await sandbox.start(["run"]).ready();
    expect(isAlive(stray)).toBe(false);
    expect(group?.lives).toEqual([]);
    expect(await next.stop()).toBe(0);
  });

  it("without a path takes our own cgroup", async () => {
    sandbox.write("Supervisorfile", strayLine("stray", "sleep 86400"));
    const program = await sandbox.start(["run", "--cgroup"], { through: group?.through ?? [] }).ready();
    const stray = await strayOf("stray");
    expect(group?.lives).toHaveLength(1);
    expect(readFileSync(`/proc/${stray}/cgroup`, "utf8")).toContain(`/${group?.lives[0]}\n`);
    expect(await program.stop()).toBe(0);
    expect(group?.lives).toEqual([]);
  });

  it("needs no root where the group was given to our user, as systemd delegates it", async () => {
    for (const name of ["", "cgroup.procs", "cgroup.subtree_control"])
      chownSync(`${given?.path}/${name}`, 33, 33);
    sandbox.write("Supervisorfile", 'sh -c "(env -i setsid sleep 86400 &); exec sleep 86400"');
    const unprivileged = ["setpriv", "--reuid", "33", "--regid", "33", "--clear-groups"];
    const through = [...(given?.through ?? []), ...unprivileged];
    const program = await sandbox.start(["run", "--cgroup"], { through }).ready();
    const [name] = given?.lives ?? [];
    // The shell may not have come to its daemon yet.
    const inside = await until("two processes", () => {
      const pids = processesIn(`${given?.path}/${name}`);
      return pids.length === 2 ? pids : undefined;
    });
    expect(await program.stop()).toBe(0);
    expect(inside.map(isAlive)).toEqual([false, false]);
    expect(given?.lives).toEqual([]);
  });

  it("refuses a folder in which we may not write", async () => {
    sandbox.write("Supervisorfile", `touch ${sandbox.path("touched")}`);
    const { code, stderr } = await sandbox.run(["run", "--cgroup", path], { uid: 33, gid: 33 });
    expect(stderr).toMatch(new RegExp(`Error: mkdir ${path}/[^\\n]*: permission denied\nHint: `));
    expect(code).toBe(1);
    expect(() => readFileSync(sandbox.path("touched"))).toThrow();
  });
});

it("refuses what is no cgroup of version 2, before anything is started", async () => {
  sandbox.write("Supervisorfile", `touch ${sandbox.path("touched")}`);
  const { code, stderr } = await sandbox.run(["run", "--cgroup", sandbox.folder]);
  expect(stderr).toContain(`Error: ${sandbox.folder} is no folder of a cgroup v2 file system\nHint: run as`);
  expect(code).toBe(1);
  const missing = await sandbox.run(["run", "--cgroup", sandbox.path("none")]);
  expect(missing.stderr).toContain(`Error: statfs ${sandbox.path("none")}: no such file or directory`);
  expect(() => readFileSync(sandbox.path("touched"))).toThrow();
});

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
}
