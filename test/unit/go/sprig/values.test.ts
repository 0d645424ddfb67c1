import { describe, expect, it } from "vitest";
import { GoStruct } from "../../../../src/go/values/index.ts";
import { call, callValue } from "./call.ts";

const struct = new GoStruct({ kind: "struct", name: "x.Y", fields: [] }, [], undefined);

describe("defaults", () => {
  it.each([
    [null, true],
    [0, true],
    [Number.NaN, false],
    ["", true],
    ["x", false],
    [[], true],
    [{}, true],
    [[0], false],
    [false, true],
    [struct, false],
  ])("empty %j is %s", (value, expected) => expect(callValue("empty", value)).toBe(expected));

  it("chooses", () => {
    expect(call("default", "d")).toBe("d");
    expect(call("default", "d", 0)).toBe("d");
    expect(call("default", "d", "a", "b")).toBe("a");
    expect(callValue("coalesce", 0, "", [])).toBe(null);
    expect(call("coalesce", 0, "x", "y")).toBe("x");
    expect(call("ternary", 1, 2, false)).toBe("2");
    expect(call("all", 1, "")).toBe("false");
    expect(call("any", "", 1)).toBe("true");
    expect(() => call("fail", "no more")).toThrow("no more");
  });
});

describe("types", () => {
  it("names types and kinds", () => {
    expect(call("typeOf", null)).toBe("<nil>");
    expect(call("kindOf", null)).toBe("invalid");
    expect(call("typeOf", callValue("chunk", 1, [1]))).toBe("[][]interface {}");
    expect(call("kindOf", callValue("semver", "1.0.0"))).toBe("ptr");
    expect(call("typeIsLike", "semver.Version", callValue("semver", "1.0.0"))).toBe("true");
    expect(call("typeIs", "semver.Version", callValue("semver", "1.0.0"))).toBe("false");
    expect(call("deepEqual", 1, callValue("int64", 1))).toBe("false");
    expect(call("deepEqual", { a: [1, null] }, { a: [1, null] })).toBe("true");
  });
});

describe("environment", () => {
  it("is what the caller says", () => {
    expect(call("env", "HOME")).toBe("/home/tester");
    expect(call("env", "PATH")).toBe("");
  });

  it.each([
    ["$HOME/${A_1}x", "/home/tester/onex"],
    ["${HOME", "HOME"],
    ["${}x", "x"],
    ["$", "$"],
    ["$ $-x $$y $1a", "$ x y a"],
    ["${UNSET:-x}", ""],
    ["$é", "$é"],
  ])("expands %s", (text, expected) => expect(call("expandenv", text)).toBe(expected));
});

describe("paths", () => {
  it.each([
    ["", ".", ".", ".", ""],
    ["/", "/", "/", "/", ""],
    ["a/b/../../../c.tar.gz", "c.tar.gz", "..", "../c.tar.gz", ".gz"],
    ["/../a/", "a", "/a", "/a", ""],
    ["a//b.d/c", "c", "a/b.d", "a/b.d/c", ""],
    [".bashrc", ".bashrc", ".", ".bashrc", ".bashrc"],
  ])("%s", (path, base, dir, clean, ext) => {
    expect([call("base", path), call("dir", path), call("clean", path), call("ext", path)]).toEqual([
      base,
      dir,
      clean,
      ext,
    ]);
    expect(call("osBase", path)).toBe(base);
    expect(call("osIsAbs", path)).toBe(String(path.startsWith("/")));
  });
});

describe("chance and names", () => {
  it("gives texts of the asked shape", () => {
    expect(call("randAlpha", 40)).toMatch(/^[A-Za-z]{40}$/);
    expect(call("randAlphaNum", 40)).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(call("randNumeric", 40)).toMatch(/^[0-9]{40}$/);
    expect(call("randAscii", 40)).toMatch(/^[ -~]{40}$/);
    expect(call("randAlpha", -1)).toBe("");
    expect(call("uuidv4")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Buffer.from(call("randBytes", 12), "base64")).toHaveLength(12);
    expect(() => call("randBytes", -1)).toThrow("runtime error: makeslice: len out of range");
    expect([...call("shuffle", "añb")].sort().join("")).toBe("abñ");
  });

  it("draws numbers below the upper bound", () => {
    const drawn = new Set(Array.from({ length: 200 }, () => call("randInt", -1, 2)));
    expect([...drawn].sort()).toEqual(["-1", "0", "1"]);
    expect(() => call("randInt", 5, 5)).toThrow("invalid argument to Intn");
  });

  it("looks names up without waiting for the event loop", () => {
    expect(call("getHostByName", "::1")).toBe("::1");
    expect(call("getHostByName", "localhost")).toMatch(/^(127\.0\.0\.1|::1)$/);
    expect(() => call("getHostByName", "")).toThrow("invalid argument to Intn");
  });
});
