import { describe, expect, it } from "vitest";
import { findMethod, type GoValue } from "../../../../src/go/values/index.ts";
import { call, callValue, context } from "./call.ts";

function method(value: GoValue, name: string, ...args: readonly GoValue[]): GoValue {
  const found = findMethod(value, name);
  if (!found) throw new Error(`no method ${name}`);
  return found.method.call(found.receiver, args, context);
}

describe("versions", () => {
  it.each([
    ["1", "1.0.0"],
    ["v1.2-beta.1+b5", "1.2.0-beta.1+b5"],
    ["01.02.03", "1.2.3"],
    ["18446744073709551615.0.0", "18446744073709551615.0.0"],
  ])("%s is %s", (text, expected) => expect(call("semver", text)).toBe(expected));

  it.each([
    ["", "Invalid Semantic Version"],
    ["1.2.3.4", "Invalid Semantic Version"],
    ["1.2.3-01", "Version segment starts with 0"],
    [
      "99999999999999999999.0.0",
      'Error parsing version segment: strconv.ParseUint: parsing "99999999999999999999": value out of range',
    ],
  ])("%j is none", (text, message) => expect(() => call("semver", text)).toThrow(message));

  it("step and compare", () => {
    const version = callValue("semver", "v1.2.3-rc.1+b");
    expect(call("toString", method(version, "IncPatch"))).toBe("1.2.3");
    expect(call("toString", method(version, "IncMinor"))).toBe("1.3.0");
    expect(call("toString", method(version, "IncMajor"))).toBe("2.0.0");
    expect(method(version, "Original")).toBe("v1.2.3-rc.1+b");
    expect(method(version, "LessThan", callValue("semver", "1.2.3"))).toBe(true);
    expect(method(version, "Compare", callValue("semver", "1.2.3-rc.2"))).toBe(-1n);
    expect(findMethod(method(version, "IncPatch"), "Original")).toBeUndefined();
    expect(() => method(version, "SetPrerelease", "a b")).toThrow("Invalid Prerelease string");
  });

  it.each([
    ["1.2.3", "1.2.3", true],
    ["1.2", "1.2.9", true],
    ["*", "9.9.9", true],
    ["!=1.2.x", "1.2.3", false],
    ["!=1.2.x", "1.3.0", true],
    [">11", "11.1.0", false],
    [">11.1", "11.1.5", false],
    [">=1.2.3", "1.2.4-beta", false],
    [">=1.2.3-0", "1.2.4-beta", true],
    ["<=1.2", "1.2.9", true],
    ["<=1.2.0", "1.2.9", false],
    ["~1.2.3", "1.2.9", true],
    ["~1.2.3", "1.3.0", false],
    ["~>2", "2.9.9", true],
    ["^1.2", "2.0.0", false],
    ["^0.2.3", "0.2.9", true],
    ["^0.0.3", "0.0.4", false],
    ["^0", "0.9.0", true],
    ["1.2 - 1.4", "1.4.5", true],
    ["1.2 - 1.4.0", "1.4.5", false],
    [">=1, <2 || ^3.1", "3.1.4", true],
    [">=1 <2", "2.0.0", false],
    [">1.2.3-beta.2", "1.2.3-beta.11", true],
  ])("%s takes %s: %s", (constraint, version, expected) =>
    expect(call("semverCompare", constraint, version)).toBe(String(expected)),
  );

  it.each([
    ["", "improper constraint: "],
    ["bad", "improper constraint: bad"],
    [">>1", "improper constraint: >>1"],
    ["1 || bad", "improper constraint:  bad"],
    ["xx", "constraint Parser Error"],
  ])("%j is no constraint", (constraint, message) =>
    expect(() => call("semverCompare", constraint, "1.0.0")).toThrow(message),
  );
});
