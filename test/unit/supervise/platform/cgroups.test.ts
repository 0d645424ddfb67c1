import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CgroupFolder, foldersIn, nameOf } from "../../../../src/supervise/platform/cgroup-folder.ts";
import { Cgroups, openCgroups } from "../../../../src/supervise/platform/cgroups.ts";
import { Nursery } from "../../../../src/supervise/platform/nursery.ts";
import { linuxProcessTable } from "../../../../src/supervise/process-table.ts";

// Plain files in place of the kernel's: what they hold is written by hand, and what is written to them stays.
let root: string;
const files = (texts: Record<string, string>) => {
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(root, name), text);
};
const read = (...names: string[]) => readFileSync(join(root, ...names), "utf8");
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "csv-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const startTime = linuxProcessTable.entry(process.pid)?.startTime;
const leaf = `supervisor.${process.pid}.${startTime}`;

describe("what a cgroup has counted", () => {
  it("is its peak of memory in bytes, CPU time in seconds, and whether memory ran out", () => {
    files({
      "memory.peak": "734003200\n",
      "cpu.stat": "usage_usec 1500250\nuser_usec 1000000\nsystem_usec 500250\n",
      "memory.events": "low 0\nhigh 0\nmax 4\noom 1\noom_kill 1\noom_group_kill 0\n",
    });
    expect(new CgroupFolder(root, "h-1:0:1").usage()).toEqual({
      peakMemory: 734003200,
      cpuTime: 1.50025,
      outOfMemory: true,
    });
    files({ "memory.events": "oom 1\noom_kill 0\n" });
    expect(new CgroupFolder(root, "h-1:0:1").usage().outOfMemory).toBe(false);
  });

  it("is not known where there is no such file: an older kernel, or no controller", () => {
    const nothing = { peakMemory: undefined, cpuTime: undefined, outOfMemory: undefined };
    expect(new CgroupFolder(root, "h-1:0:1").usage()).toEqual(nothing);
    expect(new CgroupFolder(join(root, "none"), "h-1:0:1").usage()).toEqual(nothing);
  });
});

it("finds the cgroups of lives by their names, and what is in them and below", () => {
  const marker = "0a1b2c3d4e5f-17.1200:3:12";
  const life = nameOf(marker);
  expect(life).toBe("0a1b2c3d4e5f-17.1200-3-12");
  for (const name of [life, `${life}/inner`, "supervisor.17.1200", "user.slice"]) mkdirSync(join(root, name));
  files({ [`${life}/cgroup.procs`]: "100\n0\n101\n", [`${life}/inner/cgroup.procs`]: "102\n" });
  const [found, ...others] = foldersIn(root).list() ?? [];
  expect(others).toEqual([]);
  expect(found?.marker).toBe(marker);
  expect(found?.pids().toSorted()).toEqual([100, 101, 102]);
  expect(foldersIn(join(root, "none")).list()).toEqual([]);
});

it("removes what is empty, the deepest first, and what is gone is removed", () => {
  mkdirSync(join(root, "h-1-0-1/inner/most"), { recursive: true });
  const group = new CgroupFolder(join(root, "h-1-0-1"), "h-1:0:1");
  expect([group.remove(), existsSync(join(root, "h-1-0-1")), group.remove()]).toEqual([true, false, true]);
});

describe("the place of ours", () => {
  const faults: string[] = [];
  const onFault = (message: string, error: Error) => faults.push(`${message}: ${error.message}`);
  const make = () => new Cgroups(root, join(root, "home"), onFault);
  beforeEach(() => {
    faults.length = 0;
    mkdirSync(join(root, "home"));
    files({ "cgroup.controllers": "cpuset cpu io memory pids\n", "cgroup.subtree_control": "pids\n" });
  });

  it("is a leaf of it, and controllers that are there are handed on", () => {
    make().occupy();
    expect(read(leaf, "cgroup.procs")).toBe(String(process.pid));
    expect(read("cgroup.subtree_control")).toBe("+memory +cpu");
    expect(faults).toEqual([]);
  });

  it("asks for no controller that is not there", () => {
    files({ "cgroup.controllers": "\n", "cgroup.subtree_control": "" });
    make().occupy();
    expect(read("cgroup.subtree_control")).toBe("");
  });

  it("says who is in the way of controllers, and goes on without them", () => {
    rmSync(join(root, "cgroup.subtree_control"));
    mkdirSync(join(root, "cgroup.subtree_control"));
    files({ "cgroup.procs": "71\n72\n" });
    make().occupy();
    expect(faults).toEqual([
      `cannot hand on controllers to control groups: memory, cpu, pids in ${root}: other processes are in it: 71, 72`,
    ]);
  });

  it("is left as it was found, unless somebody else uses it", () => {
    const cgroups = make();
    rmSync(join(root, "home"), { recursive: true });
    cgroups.occupy();
    cgroups.vacate();
    expect(read("cgroup.subtree_control")).toBe("-memory -cpu");
    files({ "cgroup.subtree_control": "" });
    mkdirSync(join(root, "h-2-0-1"));
    cgroups.occupy();
    cgroups.vacate();
    expect(read("cgroup.subtree_control")).toBe("+memory +cpu +pids");
  });

  it("goes back to where we come from", () => {
    const cgroups = make();
    cgroups.occupy();
    cgroups.vacate();
    expect(read("home", "cgroup.procs")).toBe(String(process.pid));
  });

  it("loses what those have left who were killed, and nobody else's", () => {
    const left = [`supervisor.${process.pid}.1`, "supervisor.4194305.77", "trial.4194305.77"];
    const others = ["supervisor", "supervisor.slice", `trial.${process.pid}.${startTime}`];
    for (const name of [...left, ...others]) mkdirSync(join(root, name));
    make().occupy();
    expect([...left, ...others].filter((name) => existsSync(join(root, name)))).toEqual(others);
  });

  it("tells when no cgroup can be made for a life, which then runs without one", () => {
    const cgroups = make();
    rmSync(root, { recursive: true });
    expect(cgroups.make("h-1:0:1")).toBeUndefined();
    expect(faults).toEqual([`cannot make a control group: mkdir ${root}/h-1-0-1: no such file or directory`]);
    mkdirSync(root);
  });
});

describe("a process and what it has started before it was moved", () => {
  const moved = () => read("h-1-0-1", "cgroup.procs");
  const start = (before: string, after: string) => {
    for (const name of ["ours", "h-1-0-1"]) mkdirSync(join(root, name));
    if (before !== "") files({ "ours/cgroup.procs": before });
    const faults: Error[] = [];
    const group = new CgroupFolder(join(root, "h-1-0-1"), "h-1:0:1");
    const nursery = new Nursery(join(root, "ours"), group, (error) => faults.push(error));
    files({ "ours/cgroup.procs": after });
    nursery.take(500);
    expect(faults).toEqual([]);
  };

  it("are moved, and nobody who was there before", () => {
    start("10\n11\n", "10\n501\n11\n");
    expect(moved()).toBe("501");
  });

  it("are moved alone when all were there before", () => {
    start("10\n11\n", "10\n11\n");
    expect(moved()).toBe("500");
  });

  it("cannot be told from us when ours could not be read: then nobody else is moved", () => {
    start("", `${process.pid}\n`);
    expect(moved()).toBe("500");
  });
});

it("refuses a folder of another file system", async () => {
  await expect(openCgroups(root, () => {})).rejects.toMatchObject({ code: "CGROUP", exitCode: 1 });
});
