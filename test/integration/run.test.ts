import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileWritten, isAlive, processGone } from "../support/gates.ts";
import { programs, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const node = process.execPath;
const report = `${node} ${programs}/report.mjs`;

describe("run with a Supervisorfile", () => {
  it("starts every replica with its own templates, folder and environment", async () => {
    sandbox.write(
      "Supervisorfile",
      `${report} --port "{{add 8000 .Replica}}" {
        replicas 2
        dir ${sandbox.folder}
        env REPORT "${sandbox.folder}/report-{{.Replica}}"
        env GREETING hello world
        env CADDY_SUPERVISOR_ID forged
      }`,
    );
    const run = sandbox.start(["run"], { env: { NOTIFY_SOCKET: "/run/notify", INHERITED: "yes" } });
    const reports = [0, 1].map(async (replica) =>
      JSON.parse(await fileWritten(sandbox.path(`report-${replica}`))),
    );
    for (const [replica, told] of (await Promise.all(reports)).entries()) {
      expect(told).toMatchObject({ args: ["--port", String(8000 + replica)], cwd: sandbox.folder });
      expect(told.env).toMatchObject({ GREETING: "hello world", INHERITED: "yes" });
      expect(told.env.NOTIFY_SOCKET).toBeUndefined();
      expect(told.env.CADDY_SUPERVISOR_ID).toMatch(/^[0-9a-f]{12}-\d+\.\d+:\d+:1$/);
    }
    const started = await run.waitFor("process started", 2);
    expect(started.map(({ replica }) => replica)).toEqual([0, 1]);
    expect(started[0]).toMatchObject({ level: "info", logger: "supervisor" });
    expect(started[0]?.command).toContain("{{add 8000 .Replica}}");
    expect(Object.keys(started[0] ?? {})).toEqual([
      "level",
      "ts",
      "logger",
      "msg",
      "command",
      "replica",
      "pid",
    ]);
    expect(await run.stop()).toBe(0);
    for (const { pid } of started) expect(isAlive(Number(pid))).toBe(false);
  });

  it("sends output where it is told to", async () => {
    const shell = (text: string) => `sh -c "echo ${text}; echo ${text} >&2"`;
    sandbox.write(
      "Supervisorfile",
      `${shell("one")} {
        restart_policy never
        redirect_stdout file ${sandbox.folder}/{{.Replica}}.log
        redirect_stderr file ${sandbox.folder}/{{.Replica}}.log
        replicas 2
      }
      ${shell("two")} {
        restart_policy never
        redirect_stdout null
        redirect_stderr stdout
      }
      ${shell("three")} {
        restart_policy never
        redirect_stdout stderr
        redirect_stderr null
      }
      ${shell("four")} {
        restart_policy never
      }`,
    );
    const run = sandbox.start(["run"]);
    await run.waitFor("process exited", 5);
    await run.stop();
    expect(readFileSync(sandbox.path("0.log"), "utf8")).toBe("one\none\n");
    expect(readFileSync(sandbox.path("1.log"), "utf8")).toBe("one\none\n");
    expect(run.stdout.split("\n").sort()).toEqual(["", "four", "two"]);
    const raw = run.stderr.split("\n").filter((line) => !line.startsWith("{"));
    expect(raw.sort()).toEqual(["", "four", "three"]);
  });

  it("appends to a log file, and survives its truncation", async () => {
    sandbox.write("out.log", "before\n");
    sandbox.write(
      "Supervisorfile",
      `sh -c "echo started; read line < ${sandbox.folder}/go; echo $line" {
        redirect_stdout file out.log
        restart_policy never
      }`,
    );
    const { spawnSync } = await import("node:child_process");
    spawnSync("mkfifo", [sandbox.path("go")]);
    const run = sandbox.start(["run"]);
    await run.waitFor("process started");
    expect(await fileWritten(sandbox.path("out.log"))).toContain("before\n");
    spawnSync("sh", ["-c", `: > ${sandbox.folder}/out.log; echo after > ${sandbox.folder}/go`]);
    await run.waitFor("process exited");
    await run.stop();
    expect(readFileSync(sandbox.path("out.log"), "utf8")).toBe("after\n");
  });

  it("restarts by policy, with the original's words", async () => {
    sandbox.write(
      "Supervisorfile",
      `sh -c "exit 3"
      sh -c "kill -SEGV $$" {
        restart_policy never
      }
      nosuch argument {
        restart_policy never
      }`,
    );
    const run = sandbox.start(["run"]);
    const restarts = await run.waitFor("process will restart", 2);
    expect(restarts.slice(0, 2).map(({ wait_delay }) => wait_delay)).toEqual([0, 1]);
    expect(run.logged("process exited with error").map(({ error }) => error)).toEqual(
      expect.arrayContaining(["exit status 3", "signal: segmentation fault"]),
    );
    expect(run.logged("failed to start process")[0]).toMatchObject({
      command: ["nosuch", "argument"],
      error: 'exec: "nosuch": executable file not found in $PATH',
    });
    await run.stop();
  });

  it("runs from stdin, and from JSON", async () => {
    const config = {
      admin: { disabled: true },
      apps: { supervisor: { supervise: [{ command: ["sleep", "86400"] }] } },
    };
    const run = sandbox.start(["run", "--config", "-"], { input: JSON.stringify(config) });
    const [started] = await run.waitFor("process started");
    await run.ready();
    expect(await run.stop("SIGINT")).toBe(0);
    expect(isAlive(Number(started?.pid))).toBe(false);
  });

  it("writes and removes the pidfile", async () => {
    sandbox.write("Supervisorfile", "sleep 86400");
    const run = sandbox.start(["run", "--pidfile", "our.pid"]);
    expect(await fileWritten(sandbox.path("our.pid"))).toBe(`${run.pid}\n`);
    await run.stop();
    expect(() => readFileSync(sandbox.path("our.pid"))).toThrow("ENOENT");
  });

  it("prints the environment with --environ, env files included", async () => {
    sandbox.write("Supervisorfile", "sleep 86400");
    sandbox.write("first.env", 'export ONE=1 # comment\nTWO="a\nb"\nPATH=/nowhere\n');
    const run = await sandbox.start(["run", "--environ", "--envfile", "first.env"]).ready();
    expect(run.stdout).toContain("ONE=1\n");
    expect(run.stdout).toContain("TWO=a\nb\n");
    expect(run.stdout).not.toContain("/nowhere");
    await run.stop();
  });

  it("goes on when its stdout and stderr are closed early", async () => {
    sandbox.write("Supervisorfile", `${report} {\n env REPORT ${sandbox.folder}/report\n}`);
    const run = sandbox.start(["run"]);
    run.child.stdout?.destroy();
    run.child.stderr?.destroy();
    const { pid } = JSON.parse(await fileWritten(sandbox.path("report")));
    expect(isAlive(run.pid)).toBe(true);
    expect(await run.stop()).toBe(0);
    await processGone(pid);
  });
});
