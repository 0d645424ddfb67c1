import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { linuxProcessTable } from "../../src/supervise/process-table.ts";
import { fileWritten, isAlive, processGone, until } from "../support/gates.ts";
import { descendants, programs, repository, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const stubborn = `${process.execPath} ${programs}/ignore-signals.mjs`;
const family = `${programs}/family.sh`;
const relatives = ["leader", "child", "own-session", "daemon"];

async function familyPids(): Promise<number[]> {
  await until("the family", () => existsSync(sandbox.path("ready")));
  return relatives.map((name) => Number(readFileSync(sandbox.path(name), "utf8")));
}

describe("stop", () => {
  it("asks politely: the stop signal reaches the process, exit code 0, no trace left", async () => {
    sandbox.write(
      "Supervisorfile",
      `${process.execPath} ${programs}/report.mjs {
        env REPORT ${sandbox.folder}/report
        stop_signal SIGQUIT
        redirect_stdout file out.log
      }`,
    );
    const run = sandbox.start(["run"]);
    await fileWritten(sandbox.path("report"));
    expect(await run.stop()).toBe(0);
    expect(readFileSync(sandbox.path("out.log"), "utf8")).toBe("got SIGQUIT\n");
    expect(run.logged("process exited")).toHaveLength(1);
    expect(run.logged("termination grace period exceeded, killing")).toHaveLength(0);
    expect(descendants(sandbox)).toEqual([]);
  });

  it("kills what ignores the signal after its grace period, all at the same time", async () => {
    sandbox.write(
      "Supervisorfile",
      `${stubborn} "${sandbox.folder}/gate-{{.Replica}}" {
        replicas 8
        termination_grace_period 1s
      }`,
    );
    const run = sandbox.start(["run"]);
    await Promise.all(Array.from({ length: 8 }, (_, n) => fileWritten(sandbox.path(`gate-${n}`))));
    const begun = Date.now();
    expect(await run.stop()).toBe(0);
    // One after the other they would take 8 s.
    expect(Date.now() - begun).toBeLessThan(6_000);
    expect(run.logged("termination grace period exceeded, killing")).toHaveLength(8);
    expect(run.logged("termination grace period exceeded, killing")[0]).toMatchObject({ grace_period: 1 });
    expect(descendants(sandbox)).toEqual([]);
  });

  it("takes the whole family along: group, own sessions, daemons", async () => {
    sandbox.write("Supervisorfile", `${family} ${sandbox.folder} {\n stop_signal TERM\n}`);
    const run = sandbox.start(["run"]);
    const pids = await familyPids();
    expect(pids.map(isAlive)).toEqual([true, true, true, true]);
    expect(await run.stop()).toBe(0);
    expect(pids.map(isAlive)).toEqual([false, false, false, false]);
    expect(run.logged("killed processes that were left behind")[0]?.processes).toHaveLength(2);
  });

  it("clears away what a process leaves behind when it ends by itself", async () => {
    sandbox.write("Supervisorfile", `${family} ${sandbox.folder} end {\n restart_policy never\n}`);
    const run = sandbox.start(["run"]);
    const pids = await familyPids();
    await run.waitFor("process exited");
    await until("all of them to be gone", () => !pids.some(isAlive));
    await run.stop();
  });

  it("gives the rest of the group its grace period when the leader ends first", async () => {
    sandbox.write(
      "Supervisorfile",
      `sh -c "${process.execPath} ${programs}/report.mjs & exec sleep 86400" {
        env REPORT ${sandbox.folder}/report
        stop_signal TERM
        redirect_stdout file out.log
      }`,
    );
    const run = sandbox.start(["run"]);
    await fileWritten(sandbox.path("report"));
    expect(await run.stop()).toBe(0);
    expect(readFileSync(sandbox.path("out.log"), "utf8")).toBe("got SIGTERM\n");
  });

  it.each([
    ["a second SIGINT", ["SIGINT", "SIGINT"]],
    ["SIGQUIT", ["SIGQUIT"]],
  ] as const)("kills everything at once on %s, exit code 2", async (_name, signals) => {
    sandbox.write("Supervisorfile", `${stubborn} ${sandbox.folder}/gate {\n termination_grace_period 1h\n}`);
    const run = sandbox.start(["run"]);
    const pid = Number(await fileWritten(sandbox.path("gate")));
    for (const [index, signal] of signals.entries()) {
      run.signal(signal);
      if (index === 0 && signals.length > 1) await run.waitFor("shutting down");
    }
    expect(await run.ended).toBe(2);
    expect(isAlive(pid)).toBe(false);
  });

  it("answers SIGTERM also while a replica waits in back-off", async () => {
    sandbox.write("Supervisorfile", 'sh -c "exit 1"');
    const run = sandbox.start(["run"]);
    await run.waitFor("process will restart", 3);
    const begun = Date.now();
    expect(await run.stop()).toBe(0);
    expect(Date.now() - begun).toBeLessThan(1_500);
  });

  it("does not end by SIGUSR1, nor opens an inspector", async () => {
    sandbox.write("Supervisorfile", "sleep 86400");
    const run = await sandbox.start(["run"]).ready();
    run.signal("SIGUSR1");
    await run.waitFor("config is unchanged");
    expect(run.stderr).not.toContain("Debugger listening");
    expect(await run.stop()).toBe(0);
  });
});

describe("when we are SIGKILLed", () => {
  it("nothing survives, and the next start finds nothing in its way", async () => {
    sandbox.write("Supervisorfile", `${family} ${sandbox.folder}\n${stubborn} ${sandbox.folder}/gate`);
    const run = sandbox.start(["run"]);
    const pids = [...(await familyPids()), Number(await fileWritten(sandbox.path("gate")))];
    run.signal("SIGKILL");
    await run.ended;
    await until("all of them to be gone", () => !pids.some(isAlive));
    for (const name of [...relatives, "ready", "gate"]) {
      rmSync(sandbox.path(name));
    }
    const next = await sandbox.start(["run"]).ready();
    await familyPids();
    expect(await next.stop("SIGQUIT")).toBe(2);
    expect(descendants(sandbox)).toEqual([]);
  });

  it("the guard of a run that has died leaves the next run alone", async () => {
    sandbox.write(
      "Supervisorfile",
      `${process.execPath} ${programs}/report.mjs {\n env REPORT ${sandbox.folder}/report\n}`,
    );
    const run = sandbox.start(["run"]);
    const { pid: first } = JSON.parse(await fileWritten(sandbox.path("report")));
    const guard = guardOf(run.pid);
    // Held up, as on a busy machine: the next run is there before the guard wakes.
    process.kill(guard, "SIGSTOP");
    run.signal("SIGKILL");
    await run.ended;
    rmSync(sandbox.path("report"));
    const next = await sandbox.start(["run"]).ready();
    expect(isAlive(first)).toBe(false);
    const { pid } = JSON.parse(await fileWritten(sandbox.path("report")));
    process.kill(guard, "SIGCONT");
    await processGone(guard);
    expect(isAlive(pid)).toBe(true);
    expect(next.logged("process exited with error")).toEqual([]);
    expect(await next.stop()).toBe(0);
  });

  it("together with the guard, the next start sweeps what is left", async () => {
    sandbox.write("Supervisorfile", `${stubborn} ${sandbox.folder}/gate`);
    const run = sandbox.start(["run"]);
    const pid = Number(await fileWritten(sandbox.path("gate")));
    const guard = guardOf(run.pid);
    process.kill(guard, "SIGKILL");
    run.signal("SIGKILL");
    await run.ended;
    expect(isAlive(pid)).toBe(true);
    const next = await sandbox.start(["run"]).ready();
    expect(isAlive(pid)).toBe(false);
    const [swept] = next.logged("killed processes that a former run left behind");
    expect(swept).toMatchObject({ processes: [{ pid }] });
    await next.stop("SIGQUIT");
  });
});

/** The guard is the child of ours that carries no marker. */
function guardOf(parent: number): number {
  const children = readdirSync("/proc").filter((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "latin1");
      return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] === String(parent);
    } catch {
      return false;
    }
  });
  const guard = children.find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("caddy-supervisor-guard"),
  );
  if (guard === undefined) throw new Error(`process ${parent} has no guard`);
  return Number(guard);
}

describe("a supervisor inside a supervisor", () => {
  it("replaces the marker, leads a session of its own, and both stop together", async () => {
    sandbox.write(
      "Supervisorfile.inner",
      `${process.execPath} ${programs}/report.mjs {\n env REPORT ${sandbox.folder}/report\n}`,
    );
    const bin = `${repository}/bin/caddy-supervisor.js`;
    sandbox.write("Supervisorfile", `${process.execPath} ${bin} run --config Supervisorfile.inner`);
    const run = sandbox.start(["run"]);
    const { pid, env } = JSON.parse(await fileWritten(sandbox.path("report")));
    const [started] = await run.waitFor("process started");
    const inner = Number(started?.pid);
    const marker = (of: number) => linuxProcessTable.environmentValue(of, "CADDY_SUPERVISOR_ID");
    expect(env.CADDY_SUPERVISOR_ID).toBe(marker(pid));
    expect(marker(pid)).not.toBe(marker(inner));
    const { session, group } = linuxProcessTable.entry(inner) ?? {};
    expect([session, group]).toEqual([inner, inner]);
    expect(await run.stop()).toBe(0);
    expect([inner, pid].map(isAlive)).toEqual([false, false]);
  });
});
