import { describe, expect, it } from "vitest";
import { type FileReader, parse, parseTokens } from "../../../src/caddyfile/index.ts";

/** Files in memory; the folders are those that the paths name. */
function memory(files: Readonly<Record<string, string>>): FileReader {
  const isFolder = (path: string) =>
    Object.keys(files).some((name) => name.startsWith(path === "/" ? path : `${path}/`));
  return {
    read: (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error("no"), { code: "EACCES" });
      return Buffer.from(text, "latin1");
    },
    kind: (path) => (path in files ? "file" : isFolder(path) ? "directory" : undefined),
    exists: (path) => path in files || isFolder(path),
    list: (folder) => [
      ...new Set(
        Object.keys(files)
          .filter((name) => name.startsWith(`${folder}/`))
          .map((name) => name.slice(folder.length + 1).split("/")[0]!),
      ),
    ],
  };
}

const words = (text: string, files: Readonly<Record<string, string>> = {}) =>
  parse(text, { cwd: "/", env: {}, files: memory(files) }).flatMap(({ segments }) => segments);

describe("arguments", () => {
  const cases: [string, string, string[]][] = [
    ["{args[0]} {args.1}", "x y", ["x", "y"]],
    ["{args[:]} end", "x y", ["x", "y", "end"]],
    ["{args[1:]} {args[:1]} {args[1:2]}", "x y", ["y", "x", "y"]],
    ["p{args[0]}s {args[9]}", "x", ["pxs", "{args[9]}"]],
    ["\\{args[0]\\} {a\\}", "x", ["{args[0]}", "{a}"]],
    ["{{args[0]}", "x", ["x"]],
    ["{args[a:]} {args[]}", "x", ["{args[a:]}", "{args[]}"]],
  ];
  it.each(cases)("%j with %j", (body, args, expected) => {
    const text = `(s) {\n\td ${body}\n}\n:80 {\n\timport s ${args}\n}\n`;
    expect(words(text)).toEqual([["d", ...expected]]);
  });
  it("refuses an index below zero, on which Caddy crashes", () => {
    expect(() => words("(s) {\n\td {args[-1]}\n}\n:80 {\n\timport s x\n}\n")).toThrow(
      "Placeholder {args[-1]} has a negative index, at Caddyfile:2 import chain ['Caddyfile:5 (import s)']",
    );
  });
});

describe("blocks", () => {
  const text = (body: string) =>
    `(s) {\n\td\n\t${body}\n}\n:80 {\n\timport s {\n\t\ta 1\n\t\tb {\n\t\t\tc\n\t\t}\n\t}\n}\n`;
  it("puts the whole block in", () => {
    expect(words(text("{block}"))).toEqual([["d"], ["a", "1"], ["b", "{", "c", "}"]]);
  });
  it("puts a named part in", () => {
    expect(words(text("{blocks.b}"))).toEqual([["d"], ["c"]]);
  });
  it("refuses a part without a name", () => {
    const anonymous = '(s) {\n\td\n}\n:80 {\n\timport s {\n\t\t"{" x\n\t}\n}\n';
    expect(() => words(anonymous)).toThrow("anonymous blocks are not supported, at Caddyfile:");
  });
});

describe("files", () => {
  const files = { "/d/b": "two", "/d/a": "one", "/d/.c": "hidden", "/e/x1": "x", "/bytes": "a\xff\xe2\x82" };
  it("come in the order of their names, hidden ones left out", () => {
    expect(words(":80 {\n\timport d/*\n}\n", files)).toEqual([["one"], ["two"]]);
  });
  it("may be hidden when the pattern says so", () => {
    expect(words(":80 {\n\timport d/.*\n}\n", files)).toEqual([["hidden"]]);
  });
  it("match one question mark", () => {
    expect(words(":80 {\n\timport e/x?\n}\n", files)).toEqual([["x"]]);
  });
  it("have one U+FFFD for each byte that is not UTF-8", () => {
    expect(words(":80 {\n\timport bytes\n}\n", files)).toEqual([["a\ufffd\ufffd\ufffd"]]);
  });
  it("that cannot be read are named in Go's words", () => {
    const reader: FileReader = { ...memory({ "/x": "" }), read: memory({}).read };
    expect(() => parse("import x\n", { cwd: "/", files: reader })).toThrow(
      "Could not import /x: open /x: permission denied, at Caddyfile:1",
    );
  });
  it("that no glob matches are a warning", () => {
    const { warnings } = parseTokens("import d/*.x\n", { cwd: "/", files: memory(files) });
    expect(warnings.map(({ message }) => message)).toEqual(["No files matching import glob pattern: d/*.x"]);
  });
  it("with a broken pattern are an error", () => {
    expect(() => words("import d/[\n", files)).toThrow(
      "Failed to use import pattern d/[: syntax error in pattern, at Caddyfile:1",
    );
  });
});

describe("bounds", () => {
  it("stop snippets that double each other", () => {
    const doubling = Array.from({ length: 40 }, (_, n) =>
      n === 0 ? "(s0) {\n\td\n}\n" : `(s${n}) {\n\timport s${n - 1}\n\timport s${n - 1}\n}\n`,
    ).join("");
    expect(() => words(`${doubling}:80 {\n\timport s39\n}\n`)).toThrow(
      /^more than 10000 imports, at Caddyfile:/,
    );
  });
  it("stop files that are too large together", () => {
    const limits = { size: 10 };
    expect(() => parse("import a\n", { cwd: "/", limits, files: memory({ "/a": "x".repeat(11) }) })).toThrow(
      "imported files are larger than 10 characters together, at Caddyfile:1",
    );
  });
});
