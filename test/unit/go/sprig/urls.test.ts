import { describe, expect, it } from "vitest";
import { call, callValue } from "./call.ts";

describe("urlParse", () => {
  it.each([
    [
      "HTTPS://bob:h%40@db.local:5433/v1/%41?deep=true#to%20p",
      "map[fragment:to p host:db.local:5433 hostname:db.local opaque: path:/v1/A query:deep=true scheme:https userinfo:bob:h%40]",
    ],
    ["mailto:a@b", "map[fragment: host: hostname: opaque:a@b path: query: scheme:mailto userinfo:]"],
    [
      "http://[fe80::1%25en0]:80/",
      "map[fragment: host:[fe80::1%en0]:80 hostname:fe80::1%en0 opaque: path:/ query: scheme:http userinfo:]",
    ],
    ["//h/p", "map[fragment: host:h hostname:h opaque: path:/p query: scheme: userinfo:]"],
    ["///p", "map[fragment: host: hostname: opaque: path:///p query: scheme: userinfo:]"],
  ])("%s", (url, expected) => expect(call("urlParse", url)).toBe(expected));

  it.each([
    [":x", 'parse ":x": missing protocol scheme'],
    ["a:b/c d", undefined],
    ["1a:b", 'parse "1a:b": first path segment in URL cannot contain colon'],
    ["http://h/%zz#f", 'parse "http://h/%zz": invalid URL escape "%zz"'],
    ["http://h#%4", 'parse "http://h#%4": invalid URL escape "%4"'],
    ["http://[::1", "parse \"http://[::1\": missing ']' in host"],
    ["http://h:x/", 'parse "http://h:x/": invalid port ":x" after host'],
    ["http://a b/", 'parse "http://a b/": invalid character " " in host name'],
    ["http://a b@h/", 'parse "http://a b@h/": net/url: invalid userinfo'],
    ["http://h/\n", 'parse "http://h/\\n": net/url: invalid control character in URL'],
    ["http://%41/", 'parse "http://%41/": invalid URL escape "%41"'],
  ])("%j", (url, problem) => {
    if (problem === undefined) expect(() => call("urlParse", url)).not.toThrow();
    else expect(() => call("urlParse", url)).toThrow(`unable to parse url: ${problem}`);
  });
});

describe("urlJoin", () => {
  it.each([
    [
      { scheme: "https", host: "box:81", path: "/a b", query: "k=v&z", fragment: "x y" },
      "https://box:81/a%20b?k=v&z#x%20y",
    ],
    [{ host: "h", path: "p" }, "//h/p"],
    [{ path: "a:b" }, "./a:b"],
    [{ scheme: "mailto", opaque: "a@b" }, "mailto:a@b"],
    [{ scheme: "http", host: "h", userinfo: "u:p:w" }, "http://u:p%3Aw@h"],
    [{ scheme: "file", path: "/etc" }, "file:///etc"],
    [{}, ""],
  ])("%j", (parts, expected) => expect(call("urlJoin", parts)).toBe(expected));

  it("undoes urlParse", () => {
    const url = "http://u:p@h:80/p/q?a=b&c#d";
    expect(call("urlJoin", callValue("urlParse", url))).toBe(url);
  });

  it("wants strings", () => {
    expect(() => call("urlJoin", { host: 5 })).toThrow(
      "unable to parse host key, must be of type string, but int found",
    );
    expect(() => call("urlJoin", { path: null })).toThrow(
      "invalid memory address or nil pointer dereference",
    );
  });
});
