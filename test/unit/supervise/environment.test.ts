import { expect, it } from "vitest";
import { processEnvironment } from "../../../src/supervise/environment.ts";

const as = { name: "web", uid: 33, gid: 33, groups: [33], home: "/srv/web", shell: "/bin/rc" };

it("lays user, entries and marker over our own environment", () => {
  const own = {
    HOME: "/root",
    PATH: "/bin",
    NOTIFY_SOCKET: "/run/n",
    WATCHDOG_USEC: "1",
    CADDY_SUPERVISOR_ID: "up:0:1",
  };
  const entries = [
    "A=1",
    "A=2",
    "PATH=/mine",
    "EMPTY=",
    "EQ=a=b",
    "CADDY_SUPERVISOR_ID=forged",
    "__proto__=x",
    "=bad",
    "bad",
  ];
  const fromFiles = [{ A: "0", FILE: "1", FILES: "1" }, { FILES: "2" }];
  const environment = processEnvironment({ own, keep: undefined, as, fromFiles, entries, marker: "i:0:1" });
  expect(Object.entries(environment).sort()).toEqual([
    ["A", "2"],
    ["CADDY_SUPERVISOR_ID", "i:0:1"],
    ["EMPTY", ""],
    ["EQ", "a=b"],
    ["FILE", "1"],
    ["FILES", "2"],
    ["HOME", "/srv/web"],
    ["LOGNAME", "web"],
    ["PATH", "/mine"],
    ["SHELL", "/bin/rc"],
    ["USER", "web"],
    ["__proto__", "x"],
  ]);
});

const plain = { own: {}, keep: undefined, as: undefined, fromFiles: [], entries: [], marker: "i:0:1" };

it("lets the definition have the last word on HOME", () => {
  expect(processEnvironment({ ...plain, as, entries: ["HOME=/elsewhere"] }).HOME).toBe("/elsewhere");
});

it("passes on only what is to be kept, of ours alone", () => {
  const own = { PATH: "/bin", LC_ALL: "C", LC_TIME: "C", SECRET: "s", LCX: "x" };
  const parts = { ...plain, own, keep: ["PATH", "LC_*"], entries: ["MINE=1"] };
  expect(Object.keys(processEnvironment(parts)).sort()).toEqual([
    "CADDY_SUPERVISOR_ID",
    "LC_ALL",
    "LC_TIME",
    "MINE",
    "PATH",
  ]);
  expect(Object.keys(processEnvironment({ ...plain, own, keep: [] }))).toEqual(["CADDY_SUPERVISOR_ID"]);
});
