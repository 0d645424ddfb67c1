import { describe, expect, it } from "vitest";
import { planRights } from "../../../src/config/rights-plan.ts";
import { planLaunch, setprivArguments } from "../../../src/supervise/launch-plan.ts";
import type { Tools } from "../../../src/supervise/tools.ts";

const root = { uid: 0, gid: 0, nice: 0 };
const someone = { uid: 1000, gid: 1000, nice: 0 };
const all: Tools = { find: (name) => `/bin/${name}`, fault: () => undefined };
const none: Tools = { find: () => undefined, fault: () => undefined };
const forbidden: Tools = { ...all, fault: () => "setpriv: setresuid failed" };

const rights = (options: Parameters<typeof planRights>[0] | object = {}) =>
  planRights({ command: [], ...options });
const plan = (user: string, options: object = {}, own = root, tools = all) =>
  planLaunch({ user, rights: rights(options) }, own, tools);

describe("planLaunch", () => {
  it("starts a process that asks for nothing directly", () => {
    expect(plan("")).toEqual({
      as: undefined,
      chain: [],
      ids: undefined,
      umask: undefined,
      warning: undefined,
    });
  });

  it("sets limits first, then the priority, then the user", () => {
    const { chain, as } = plan("www-data", {
      limits: { nofile: "10:20", as: "1MiB", core: "unlimited" },
      nice: 5,
      noNewPrivileges: true,
    });
    expect(chain).toEqual([
      ...["/bin/prlimit", "--nofile=10:20", "--as=1048576:1048576", "--core=unlimited:unlimited", "--"],
      ...["/bin/nice", "-n", "5", "--"],
      ...["/bin/setpriv", "--reuid=33", "--regid=33", "--groups=33", "--inh-caps=-all"],
      ...["--no-new-privs", "--"],
    ]);
    expect(as).toMatchObject({ name: "www-data", uid: 33, gid: 33, groups: [33], home: "/var/www" });
  });

  it("takes users and groups by number", () => {
    expect(plan("33").as).toMatchObject({ name: "www-data", uid: 33, gid: 33 });
    expect(plan("4242", { group: "adm" }).as).toMatchObject({
      name: undefined,
      uid: 4242,
      gid: 4,
      groups: [],
    });
    expect(plan("www-data", { group: "4" }).as).toMatchObject({ uid: 33, gid: 4, groups: [33] });
    expect(plan("", { group: "adm" }).as).toMatchObject({ uid: 0, gid: 4 });
  });

  it("takes no group for granted", () => {
    expect(() => plan("4242")).toThrow("user: number 4242 is not in the user database");
  });

  it("leaves the user to Node where setpriv cannot, with a warning", () => {
    expect(plan("www-data", {}, root, none)).toMatchObject({ chain: [], ids: { uid: 33, gid: 33 } });
    expect(plan("www-data", {}, root, forbidden).warning).toContain("supplementary groups are dropped");
  });

  it.each([
    [
      "no_new_privileges",
      { noNewPrivileges: true },
      none,
      "no_new_privileges: setpriv (util-linux) is not installed",
    ],
    [
      "no_new_privileges",
      { noNewPrivileges: true },
      forbidden,
      "no_new_privileges: setpriv: setresuid failed",
    ],
    ["limits", { limits: { nofile: "1" } }, none, "limits: prlimit is not installed"],
    ["limits", { limits: { nofile: "1" } }, forbidden, "limits: setpriv: setresuid failed"],
    ["nice", { nice: 3 }, none, "nice: nice is not installed"],
  ])("is never silently weaker: %s %j", (_name, options, tools, message) => {
    expect(() => plan("www-data", options, root, tools)).toThrow(message);
  });

  it.each(["nosuchuser", "{{.Replica}}", "a:b", "-h", "99999999999", "33x"])("refuses user %j", (name) => {
    expect(() => plan(name)).toThrow(`user: unknown user ${name}`);
  });

  it("refuses an unknown group", () => {
    expect(() => plan("", { group: "nosuchgroup" })).toThrow("group: unknown group nosuchgroup");
  });

  it("knows no numbers with compat, as the module", () => {
    expect(() => planLaunch({ user: "0", rights: rights(), compat: true }, root, all)).toThrow(
      "user: unknown user 0",
    );
  });

  it("never keeps our rights silently when we are not root", () => {
    expect(() => plan("root", {}, someone)).toThrow("user: cannot run as root without being root");
    expect(() => plan("", { group: "adm" }, someone)).toThrow("group: cannot run as adm without being root");
    expect(() => plan("", { nice: -1 }, someone)).toThrow("nice: cannot go from our own 0 to -1");
    expect(plan("www-data", {}, { uid: 33, gid: 33, nice: 0 }).as).toBeUndefined();
  });
});

it("setpriv is given numbers and the whole list of groups", () => {
  const as = { name: "web", uid: 33, gid: 33, groups: [33, 44], home: "/", shell: "/bin/sh" };
  expect(setprivArguments(as)).toEqual(["--reuid=33", "--regid=33", "--groups=33,44", "--inh-caps=-all"]);
  expect(setprivArguments({ ...as, groups: [] })).toContain("--clear-groups");
});
