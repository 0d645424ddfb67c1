import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Sandbox } from "../support/program.ts";

let sandbox: Sandbox;

beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const untidy = ":80   {\nrespond    hi\n}";
const tidy = ":80 {\n\trespond hi\n}\n";
const read = (name: string): string => readFileSync(sandbox.path(name), "utf8");

describe("fmt", () => {
  it("prints the formatted text, and exits 1 because the file was not so", async () => {
    sandbox.write("Caddyfile", untidy);
    const { code, stdout, stderr } = await sandbox.run(["fmt"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: tidy });
    expect(stderr).toContain("Error: Caddyfile:1: Caddyfile input is not formatted\n> 1 | :80   {");
    expect(read("Caddyfile")).toBe(untidy);
  });

  it("exits 0 for a formatted file, whatever its line ends", async () => {
    sandbox.write("a", tidy);
    sandbox.write("b", tidy.replaceAll("\n", "\r\n"));
    expect(await sandbox.run(["fmt", "a"])).toEqual({ code: 0, stdout: tidy, stderr: "" });
    expect(await sandbox.run(["fmt", "b"])).toEqual({ code: 0, stdout: tidy, stderr: "" });
  });

  it("takes a text from stdin, and only prints it", async () => {
    expect(await sandbox.run(["fmt", "-"], { input: untidy })).toEqual({ code: 0, stdout: tidy, stderr: "" });
  });

  it("overwrites in place: mode kept, link kept, nothing left beside it", async () => {
    const path = sandbox.write("real", untidy);
    chmodSync(path, 0o640);
    symlinkSync("real", sandbox.path("Caddyfile"));
    expect(await sandbox.run(["fmt", "--overwrite"])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(read("real")).toBe(tidy);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(lstatSync(sandbox.path("Caddyfile")).isSymbolicLink()).toBe(true);
    expect(readdirSync(sandbox.folder).sort()).toEqual(["Caddyfile", "real"]);
  });

  it("does not touch a formatted file", async () => {
    const path = sandbox.write("Caddyfile", tidy);
    const before = statSync(path);
    await sandbox.run(["fmt", "-w"]);
    expect(statSync(path)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  it("shows the lines that change", async () => {
    sandbox.write("Caddyfile", "{\n\tdebug\n}\n\n:80   {\n\trespond hi\n}\n");
    const { code, stdout } = await sandbox.run(["fmt", "--diff"]);
    expect(code).toBe(1);
    expect(stdout).toBe("  {\n  \tdebug\n  }\n  \n- :80   {\n+ :80 {\n  \trespond hi\n  }\n  \n");
  });

  it("names a file that cannot be read", async () => {
    const { code, stderr } = await sandbox.run(["fmt", "nowhere"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Error: reading input file: open nowhere: no such file or directory\nHint: name the file/,
    );
  });
});

describe("--json", () => {
  const text =
    "{\n\tsupervisor {\n\t\tsh --id {{ .Replica }} {\n\t\t\trestart-policy never\n\t\t\treplicas many\n\t\t\tdri /x\n\t\t}\n\t}\n}\n";

  it("gives all faults of a text at once, with their extent and what to write", async () => {
    sandbox.write("Caddyfile", text);
    const { code, stdout, stderr } = await sandbox.run(["validate", "--json"]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(JSON.parse(stdout)).toEqual([
      {
        severity: "error",
        code: "UNKNOWN_OPTION",
        message: "unrecognized option 'restart-policy', did you mean 'restart_policy'?, at Caddyfile:4",
        file: "Caddyfile",
        line: 4,
        column: 4,
        end: { line: 4, column: 18 },
        hint: "write restart_policy",
      },
      {
        severity: "error",
        code: "CADDYFILE_OPTION",
        message:
          "parsing caddyfile tokens for 'supervisor': 'replicas' should be a positive integer, 'many' given, at Caddyfile:5",
        file: "Caddyfile",
        line: 5,
        column: 13,
        end: { line: 5, column: 17 },
      },
      expect.objectContaining({ code: "UNKNOWN_OPTION", line: 6, end: { line: 6, column: 7 } }),
    ]);
  });

  it("is said in words too, each with its line and a caret under the word", async () => {
    const { code, stderr } = await sandbox.run(["adapt", "--config", "-"], { input: text });
    expect(code).toBe(1);
    expect(stderr).toContain(
      "> 4 |             restart-policy never\n    |             ^^^^^^^^^^^^^^\n  5 |             replicas many\nHint: write restart_policy\n",
    );
    expect(stderr.match(/^Error: /gm)).toHaveLength(3);
  });

  it("gives warnings beside adapt's result, and an empty list when all is well", async () => {
    sandbox.write("Caddyfile", "{\n\tsupervisor {\n\t\tsh --id {{.Replica}}\n\t}\n}\n");
    const warned = await sandbox.run(["adapt", "--json"]);
    expect(JSON.parse(warned.stdout)).toHaveProperty("apps.supervisor");
    expect(JSON.parse(warned.stderr)).toEqual([
      {
        severity: "warning",
        code: "UNQUOTED_TEMPLATE",
        message: "quote the template '{{.Replica}}': `caddy fmt` would damage it, at Caddyfile:3",
        file: "Caddyfile",
        line: 3,
        column: 11,
        end: { line: 3, column: 23 },
        hint: 'write "{{.Replica}}"',
      },
    ]);
    sandbox.write("Caddyfile", "{\n\tsupervisor {\n\t\tsh\n\t}\n}\n");
    expect(await sandbox.run(["validate", "--json"])).toEqual({ code: 0, stdout: "[]\n", stderr: "" });
  });

  it("names the imports that led to a fault", async () => {
    sandbox.write("procs", "sh {\n\tdri /x\n}\n");
    sandbox.write("Caddyfile", "{\n\tsupervisor {\n\t\timport procs\n\t}\n}\n");
    const { stdout } = await sandbox.run(["validate", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject([
      { file: expect.stringMatching(/\/procs$/), line: 2, imports: ["Caddyfile:3 (import)"] },
    ]);
  });

  it("gives fmt's verdict", async () => {
    sandbox.write("Caddyfile", untidy);
    const { code, stdout, stderr } = await sandbox.run(["fmt", "--json"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: tidy });
    expect(JSON.parse(stderr)).toMatchObject([{ code: "NOT_FORMATTED", file: "Caddyfile", line: 1 }]);
  });
});
