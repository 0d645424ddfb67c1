import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { main } from "../../../src/cli/main.ts";

const folder = mkdtempSync(join(tmpdir(), "template-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

function gather(stream: NodeJS.WriteStream): string[] {
  const written: string[] = [];
  vi.spyOn(stream, "write").mockImplementation((text) => written.push(String(text)) > 0);
  return written;
}

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err] = [gather(process.stdout), gather(process.stderr)];
  const code = await main(["template", ...argv]);
  return { code, out: out.join(""), err: err.join("") };
}

function file(data: unknown): string {
  const path = join(folder, "data.json");
  writeFileSync(path, typeof data === "string" ? data : JSON.stringify(data));
  return path;
}

describe("template", () => {
  it.each([
    [["{{ .Replica }}|{{ . }}"], "0|{ 0 []  [] {stdout } {stderr } always 10s  interrupt}"],
    [["--port={{ add 8000 .Replica }}", "--replica", "2"], "--port=8002"],
    [["--replica=3", "--", "-{{ .Replica }}"], "-3"],
    [["日本 {{ `é` | upper }}"], "日本 É"],
  ])("%j", async (argv, out) => {
    expect(await run(...argv)).toEqual({ code: 0, out, err: "" });
  });

  it("takes options by their names, with defaults for the others", async () => {
    const data = file({
      command: "php",
      args: ["-y"],
      env: ["A=1"],
      redirectStdout: { type: "file", file: "/a" },
      terminationGracePeriod: "1m",
      stopSignal: "TERM",
    });
    const text =
      "{{ .Command }}{{ .Args }}{{ .Env }}{{ .RedirectStdout.File }} {{ .TerminationGracePeriod }}";
    const { out } = await run("--data", data, "--replica", "1", `${text} {{ .StopSignal }} {{ .Replica }}`);
    expect(out).toBe("php[-y][A=1]/a 1m0s terminated 1");
  });

  it("takes any other JSON as it is", async () => {
    expect((await run("--data", file({ port: 80, Name: "é" }), "{{ .port | add 1 }}{{ .Name }}")).out).toBe(
      "81é",
    );
    expect((await run("--data", file([1, 2]), "{{ len . }}")).out).toBe("2");
  });

  it("reads the text from stdin", async () => {
    const stdin = new PassThrough();
    vi.spyOn(process, "stdin", "get").mockReturnValue(stdin as unknown as typeof process.stdin);
    stdin.end("a\n{{ 1 }}\n");
    expect((await run("-")).out).toBe("a\n1\n");
  });

  it("shows the place of an error, counting characters where Go counts bytes", async () => {
    const { code, out, err } = await run("a\n日本 {{ .Nope }}");
    expect([code, out]).toEqual([1, ""]);
    expect(err).toBe(
      'Error: template: supervisor:2:10: executing "supervisor" at <.Nope>: ' +
        "can't evaluate field Nope in type supervisor.Options\n" +
        "  1 | a\n> 2 | 日本 {{ .Nope }}\n    |       ^\n",
    );
  });

  it("shows the place of what does not parse", async () => {
    const { code, err } = await run("x {{ nope }}");
    expect(code).toBe(1);
    expect(err).toBe(
      'Error: template: supervisor:1: function "nope" not defined\n> 1 | x {{ nope }}\n    |      ^\n',
    );
  });

  it.each([
    [["--replica", "x", "a"], "--replica takes a whole number from 0 on, 'x' given"],
    [["--replica", "1", "--data", file({ other: 1 }), "a"], "--replica goes with options"],
    [["a", "b"], "too many arguments"],
    [["--data", join(folder, "none"), "a"], "reading template data: open "],
  ])("refuses %j", async (argv, message) => {
    const { code, err } = await run(...argv);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });

  it.each([
    ["{", "template data of "],
    [{ args: [1] }, "--data: 'args' should be a list of texts"],
    [{ dir: 1 }, "--data: 'dir' should be a text"],
    [{ stopSignal: "NOPE" }, "--data: 'stopSignal' should be a signal, 'NOPE' given"],
    [{ terminationGracePeriod: "x" }, 'time: invalid duration "x"'],
  ])("refuses data %j", async (data, message) => {
    const { code, err } = await run("--data", file(data), "a");
    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});
