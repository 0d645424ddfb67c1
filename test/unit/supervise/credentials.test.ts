import { describe, expect, it } from "vitest";
import { setprivArguments, userChange } from "../../../src/supervise/credentials.ts";

const root = { uid: 0, gid: 0 };
const someone = { uid: 1000, gid: 1000 };

describe("userChange", () => {
  it("changes nothing without a name", () => {
    expect(userChange("", root)).toBeUndefined();
  });

  it("knows the user's groups and home, and how to become it", () => {
    expect(userChange("www-data", root, () => "/usr/bin/setpriv")).toEqual({
      as: { name: "www-data", uid: 33, gid: 33, groups: [33], home: "/var/www" },
      setpriv: "/usr/bin/setpriv",
    });
  });

  it("leaves it to Node where setpriv cannot", () => {
    expect(userChange("www-data", root, () => undefined)?.setpriv).toBeUndefined();
  });

  it.each(["nosuchuser", "0", "{{.Replica}}", "a:b", "-h", ""].filter((name) => name !== ""))(
    "refuses %j",
    (name) => {
      expect(() => userChange(name, root)).toThrow(`user: unknown user ${name}`);
    },
  );

  it("never keeps our rights silently when we are not root", () => {
    expect(() => userChange("root", someone)).toThrow("user: cannot run as root without being root");
    expect(userChange("www-data", { uid: 33, gid: 33 })).toBeUndefined();
  });
});

it("setpriv is given numbers and the whole list of groups", () => {
  const as = { name: "web", uid: 33, gid: 33, groups: [33, 44], home: "/" };
  expect(setprivArguments(as)).toEqual([
    "--reuid=33",
    "--regid=33",
    "--groups=33,44",
    "--inh-caps=-all",
    "--",
  ]);
});
