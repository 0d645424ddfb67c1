import { expect, it } from "vitest";
import { processEnvironment } from "../../../src/supervise/environment.ts";

const login = { name: "web", home: "/srv/web", shell: "/bin/sh" };
const marker = "i:0:1";

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
  const environment = processEnvironment({ own, login, entries, marker });
  expect(Object.entries(environment).sort()).toEqual([
    ["A", "2"],
    ["CADDY_SUPERVISOR_ID", marker],
    ["EMPTY", ""],
    ["EQ", "a=b"],
    ["HOME", "/srv/web"],
    ["LOGNAME", "web"],
    ["PATH", "/mine"],
    ["SHELL", "/bin/sh"],
    ["USER", "web"],
    ["__proto__", "x"],
  ]);
});

it("ranks ours below the user's, those below env files, those below env, and the marker above all", () => {
  const own = { HOME: "own", SHELL: "own", A: "own", B: "own", C: "own" };
  const files = { HOME: "file", B: "file", C: "file", CADDY_SUPERVISOR_ID: "file" };
  expect({ ...processEnvironment({ own, login, files, entries: ["C=env"], marker }) }).toEqual({
    HOME: "file",
    SHELL: "/bin/sh",
    USER: "web",
    LOGNAME: "web",
    A: "own",
    B: "file",
    C: "env",
    CADDY_SUPERVISOR_ID: marker,
  });
});

it.each([
  [[], []],
  [["PATH"], ["PATH"]],
  [["LC_*"], ["LC_ALL", "LC_CTYPE"]],
  [
    ["LC_ALL", "P*"],
    ["LC_ALL", "PATH"],
  ],
  [["*"], ["LC_ALL", "LC_CTYPE", "PATH", "SECRET"]],
  [undefined, ["LC_ALL", "LC_CTYPE", "PATH", "SECRET"]],
])("keeps of ours, with clear_env %j, only %j", (keep, names) => {
  const own = { PATH: "/bin", LC_ALL: "C", LC_CTYPE: "C", SECRET: "s", NOTIFY_SOCKET: "/n" };
  const { CADDY_SUPERVISOR_ID: _, ...rest } = processEnvironment({ own, keep, marker });
  expect(Object.keys(rest).sort()).toEqual(names);
});

it("tells a number without a name nothing of ours", () => {
  const own = { USER: "root", LOGNAME: "root", SHELL: "/bin/bash", HOME: "/root", A: "1" };
  const nobody = { name: undefined, home: "/", shell: undefined };
  expect({ ...processEnvironment({ own, login: nobody, marker }) }).toEqual({
    A: "1",
    HOME: "/",
    CADDY_SUPERVISOR_ID: marker,
  });
});
