import { expect, it } from "vitest";
import { processEnvironment } from "../../../src/supervise/environment.ts";

const as = { name: "web", uid: 33, gid: 33, groups: [33], home: "/srv/web" };

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
  const environment = processEnvironment(own, entries, as, "i:0:1");
  expect(Object.entries(environment).sort()).toEqual([
    ["A", "2"],
    ["CADDY_SUPERVISOR_ID", "i:0:1"],
    ["EMPTY", ""],
    ["EQ", "a=b"],
    ["HOME", "/srv/web"],
    ["LOGNAME", "web"],
    ["PATH", "/mine"],
    ["USER", "web"],
    ["__proto__", "x"],
  ]);
});

it("lets the definition have the last word on HOME", () => {
  expect(processEnvironment({}, ["HOME=/elsewhere"], as, "i:0:1").HOME).toBe("/elsewhere");
});
