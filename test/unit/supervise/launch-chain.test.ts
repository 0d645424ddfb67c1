import { describe, expect, it } from "vitest";
import { SupervisorError } from "../../../src/errors.ts";
import { planLaunch } from "../../../src/supervise/launch-chain.ts";
import type { Tools } from "../../../src/supervise/wrapper-tools.ts";
import { noRights } from "../../support/no-rights.ts";

const root = { uid: 0, gid: 0, niceness: 0 };
const wwwData = { uid: 33, gid: 33, niceness: 0 };
const all: Tools = { find: (name) => `/bin/${name}`, fault: () => undefined };
const none: Tools = { find: () => undefined, fault: () => undefined };
/** busybox's setpriv changes no user. */
const busybox: Tools = {
  find: all.find,
  fault: (chain) => (chain.some((word) => word.startsWith("--reuid")) ? "unrecognized option" : undefined),
};

const nofile = { resource: "nofile", soft: 1024, hard: "unlimited" } as const;

describe("planLaunch", () => {
  it("puts nothing in front where nothing is asked for", () => {
    expect(planLaunch("", noRights, root, none)).toMatchObject({
      as: undefined,
      login: undefined,
      chain: [],
      ids: {},
      umask: undefined,
      warnings: [],
    });
  });

  it("raises limits and priority before it leaves root, and changes everything in one setpriv", () => {
    const rights = { ...noRights, limits: [nofile], nice: -5, noNewPrivileges: true, umask: 0o27 };
    expect(planLaunch("www-data", rights, root, all)).toMatchObject({
      as: { uid: 33, gid: 33 },
      login: { name: "www-data" },
      chain: [
        ...["/bin/prlimit", "--nofile=1024:unlimited"],
        ...["/bin/nice", "-n", "-5"],
        ...["/bin/setpriv", "--no-new-privs"],
        ...["--reuid=33", "--regid=33", "--groups=33", "--inh-caps=-all", "--"],
      ],
      ids: {},
      umask: 0o27,
    });
  });

  it("sets the group with the user, and keeps the groups of a root that changes its group alone", () => {
    expect(planLaunch("www-data", { ...noRights, group: "4" }, root, all).chain).toContain("--groups=4");
    expect(planLaunch("", { ...noRights, group: "33" }, root, all).chain).toEqual([
      ...["/bin/setpriv", "--reuid=0", "--regid=33", "--keep-groups", "--"],
    ]);
  });

  it.each([none, busybox])(
    "leaves it to Node where setpriv cannot, without supplementary groups",
    (tools) => {
      const launch = planLaunch("www-data", noRights, root, tools);
      expect(launch).toMatchObject({
        chain: [],
        ids: { uid: 33, gid: 33 },
        as: { groups: [33] },
        warnings: [],
      });
    },
  );

  it("counts the priority from where we are, and leaves it where it is right", () => {
    const inNiceness = (niceness: number) =>
      planLaunch("", { ...noRights, nice: 5 }, { ...root, niceness }, all);
    expect(inNiceness(2).chain).toEqual(["/bin/nice", "-n", "3"]);
    expect(inNiceness(5).chain).toEqual([]);
  });

  const error = (action: () => unknown) => {
    try {
      action();
      return undefined;
    } catch (thrown) {
      const { code, message, option } = thrown as SupervisorError;
      expect(thrown).toBeInstanceOf(SupervisorError);
      return { code, message, option };
    }
  };

  it.each([
    ["limits", { limits: [nofile] }, "limits: prlimit is not installed"],
    ["nice", { nice: 3 }, "nice: nice is not installed"],
    ["no_new_privileges", { noNewPrivileges: true }, "no_new_privileges: setpriv is not installed"],
  ])("refuses %s without its tool", (option, rights, message) => {
    expect(error(() => planLaunch("", { ...noRights, ...rights }, root, none))).toEqual({
      code: "RIGHTS",
      message,
      option,
    });
  });

  it("says what the tool said, and whether being root would help", () => {
    const denied = { ...all, fault: () => "prlimit: Operation not permitted" };
    const rights = { ...noRights, limits: [nofile] };
    const expected = { option: "limits", message: "limits: prlimit: Operation not permitted" };
    expect(error(() => planLaunch("", rights, root, denied))).toEqual({ code: "RIGHTS", ...expected });
    expect(error(() => planLaunch("", rights, wwwData, denied))).toEqual({
      code: "USER_NEEDS_ROOT",
      ...expected,
    });
    expect(() => planLaunch("", rights, root, denied)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("CAP_SYS_RESOURCE") }),
    );
  });

  it("never keeps our rights silently", () => {
    const needsRoot = (option: string, message: string) => ({ code: "USER_NEEDS_ROOT", option, message });
    expect(error(() => planLaunch("root", noRights, wwwData, all))).toEqual(
      needsRoot("user", "user: cannot run as root without being root"),
    );
    expect(error(() => planLaunch("", { ...noRights, group: "root" }, wwwData, all))).toEqual(
      needsRoot("group", "group: cannot run in root without being root"),
    );
    const caged = { ...all, fault: () => "operation not permitted" };
    expect(error(() => planLaunch("www-data", noRights, root, caged))).toEqual(
      needsRoot("user", "user: cannot run as www-data: operation not permitted"),
    );
  });

  it("changes nothing for ourselves without root, but tells who we are", () => {
    expect(planLaunch("www-data", { ...noRights, group: "33" }, wwwData, none)).toMatchObject({
      as: undefined,
      login: { name: "www-data", home: "/var/www" },
      chain: [],
      ids: {},
    });
  });
});
