import { chmodSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileWritten } from "../support/gates.ts";
import { descendants, programs, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const report = `${process.execPath} ${programs}/report.mjs`;
const supervise = (text: string) => {
  sandbox.write("Supervisorfile", text);
  return sandbox.start(["run"]);
};

describe("essential", () => {
  it.each([
    ["exit 7", 7],
    ["exit 0", 0],
    ["kill -TERM $$", 143],
  ])("ends everything with the code of %j", async (script, code) => {
    const run = supervise(`
      sleep 86400
      sh -c "${script}" {
        essential
        restart_policy never
      }`);
    expect(await run.ended).toBe(code);
    expect(run.logged("essential process is down, shutting down")).toMatchObject([{ exit_code: code }]);
    expect(descendants(sandbox)).toEqual([]);
  });

  it("ends with 1 when it could not be started", async () => {
    expect(await supervise("./nobody {\n essential\n restart_policy never\n}").ended).toBe(1);
  });

  it("also when its restart limit is exceeded, and not before", async () => {
    const run = supervise('sh -c "exit 9" {\n essential\n restart_limit 1 within 1h\n}');
    expect(await run.ended).toBe(9);
    expect(run.logged("process started")).toHaveLength(2);
    expect(run.logged("restart limit exceeded, giving up")).toMatchObject([
      { reason: "more than 1 restarts within 3600s" },
    ]);
  });
});

it("a stop command knows the pid, and has the process's folder and environment", async () => {
  const run = supervise(`${report} {
    dir ${sandbox.folder}
    env REPORT ${sandbox.folder}/report
    redirect_stdout file ${sandbox.folder}/out.log
    stop_command sh -c "echo $REPORT in $(pwd) > stopped; kill -QUIT $MAINPID; while kill -0 $MAINPID; do sleep 0.01; done"
    stop_signal TERM
  }`);
  await fileWritten(sandbox.path("report"));
  expect(await run.stop()).toBe(0);
  expect(readFileSync(sandbox.path("stopped"), "utf8")).toBe(
    `${sandbox.folder}/report in ${sandbox.folder}\n`,
  );
  expect(readFileSync(sandbox.path("out.log"), "utf8")).toBe("got SIGQUIT\n");
});

it("a stop command that does not end is killed with all it started, and the signal follows", async () => {
  const run = supervise(`${report} {
    env REPORT ${sandbox.folder}/report
    redirect_stdout file ${sandbox.folder}/out.log
    stop_command sh -c "sleep 86404 & sleep 86405"
    termination_grace_period 300ms
    stop_signals QUIT 10s
  }`);
  await fileWritten(sandbox.path("report"));
  expect(await run.stop()).toBe(0);
  expect(readFileSync(sandbox.path("out.log"), "utf8")).toBe("got SIGQUIT\n");
  expect(descendants(sandbox)).toEqual([]);
});

it("tells why a program that exists cannot be started", async () => {
  sandbox.write("app", "#!/usr/bin/php9\n");
  chmodSync(sandbox.path("app"), 0o755);
  const run = supervise("./app");
  const [failed] = await run.waitFor("failed to start process");
  expect(failed?.error).toBe(
    "fork/exec ./app: no such file or directory (its interpreter /usr/bin/php9 is missing)",
  );
  await run.stop();
});

it("a crash is one line with all that is known", async () => {
  const run = supervise('sh -c "exit 3" {\n backoff {\n initial 1h\n max 2h\n }\n}');
  const crashes = await run.waitFor("process crashed", 2);
  expect(crashes[1]).toMatchObject({ error: "exit status 3", exit_code: 3, restarts: 1, next_try: 3600 });
  await run.stop();
});
