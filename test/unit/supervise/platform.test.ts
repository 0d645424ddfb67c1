import { expect, it } from "vitest";
import { darwin } from "../../../src/supervise/platform/darwin.ts";
import { platformNamed } from "../../../src/supervise/platform/this-platform.ts";
import { linuxProcessTable } from "../../../src/supervise/process-table.ts";

const ps = `    1     0     1      0 Ss   Mon Jan  2 15:04:05 2006 /sbin/launchd
  512     1   512      0 Z    Tue Nov 25 08:41:04 2025 (sleep)
 1024   512   512      0 S+   Tue Nov 25 08:41:04 2025 /Applications/My App.app/Contents/MacOS/My App
`;

it("has nothing to hold processes together but on Linux", () => {
  const run = () => undefined;
  const holds = ["linux", "darwin", "win32"].map((name) => platformNamed(name, run).holds !== undefined);
  expect(holds).toEqual([true, false, false]);
});

it("reads the table of macOS with one ps, however many processes are looked up in a turn", () => {
  const calls: (readonly [string, readonly string[]])[] = [];
  let now = 0;
  const { table } = darwin(
    (...call) => {
      calls.push(call);
      return ps;
    },
    () => now,
  );
  expect(calls).toEqual([]);
  expect(table.entry(512)).toEqual({
    pid: 512,
    parent: 1,
    group: 512,
    session: 512,
    dead: true,
    startTime: "Tue Nov 25 08:41:04 2025",
    name: "(sleep)",
  });
  expect(table.entry(1024)).toMatchObject({
    name: "My App",
    dead: false,
    startTime: "Tue Nov 25 08:41:04 2025",
  });
  expect(table.entry(1)?.startTime).toBe("Mon Jan 2 15:04:05 2006");
  expect(table.entry(7)).toBeUndefined();
  expect(calls).toEqual([["ps", ["-axo", "pid=,ppid=,pgid=,sess=,stat=,lstart=,comm="]]]);
  now = 1_000;
  expect(table.all()).toHaveLength(3);
  expect(calls).toHaveLength(2);
});

it("does not take a failing ps for an empty table", () => {
  const { table } = platformNamed("darwin", () => undefined);
  expect([table.all(), table.entry(1)]).toEqual([undefined, undefined]);
});

it("ends a tree of processes on Windows with taskkill, whatever the signal", () => {
  const calls: unknown[] = [];
  const { signalGroup } = platformNamed("win32", (...call) => {
    calls.push(call);
    return "";
  });
  expect(signalGroup(4711, 15)).toBe(true);
  expect(calls).toEqual([["taskkill", ["/T", "/F", "/PID", "4711"]]]);
  expect(platformNamed("win32", () => undefined).signalGroup(4711, 9)).toBe(false);
});

it("takes whatever is like none of the others for Linux", () => {
  expect(platformNamed("linux", () => undefined).table).toBe(linuxProcessTable);
});
