import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { lookUpGroup, lookUpUser } from "../../../src/supervise/credentials.ts";

const wwwData = { name: "www-data", home: "/var/www", shell: "/usr/sbin/nologin" };

describe("lookUpUser", () => {
  it("knows the user's groups, home and shell", () => {
    expect(lookUpUser("www-data")).toEqual({ uid: 33, gid: 33, groups: [33], login: wwwData });
  });

  it("takes a number for the user who has it", () => {
    expect(lookUpUser("33")).toEqual(lookUpUser("www-data"));
  });

  it("takes a number that nobody has, with a group of its own and no other", () => {
    const login = { name: undefined, home: "/", shell: undefined };
    expect(lookUpUser("61234")).toEqual({ uid: 61_234, gid: 61_234, groups: [61_234], login });
    expect(lookUpUser("61234", 33)).toEqual({ uid: 61_234, gid: 33, groups: [33], login });
  });

  it("leaves the user's own group out when another is asked for", () => {
    expect(lookUpUser("www-data", 4)).toMatchObject({ uid: 33, gid: 4, groups: [4] });
  });

  it("has all groups that id(1) tells, for every user of this machine", () => {
    for (const line of readFileSync("/etc/passwd", "utf8").trim().split("\n")) {
      const name = line.split(":")[0] ?? "";
      const told = spawnSync("id", ["-G", name], { encoding: "utf8" }).stdout.trim().split(" ").map(Number);
      expect(lookUpUser(name).groups.toSorted()).toEqual(told.toSorted());
    }
  });

  it.each(["nosuchuser", "-1", "4294967295", "99999999999", "007", "{{.Replica}}", "a:b", "-h", "x\0"])(
    "refuses %j",
    (name) => {
      expect(() => lookUpUser(name)).toThrow(`user: unknown user ${name}`);
    },
  );
});

describe("lookUpGroup", () => {
  it.each([
    ["www-data", 33],
    ["33", 33],
    ["0", 0],
    ["61234", 61_234],
  ])("finds %j", (name, gid) => {
    expect(lookUpGroup(name)).toBe(gid);
  });

  it.each(["nosuchgroup", "", "4294967295", "a:b"])("refuses %j", (name) => {
    expect(() => lookUpGroup(name)).toThrow(`group: unknown group ${name}`);
  });
});
