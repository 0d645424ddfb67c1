import { spawn } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { until } from "../support/gates.ts";
import { type ProgramRun, repository, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const ask = (...args: string[]) => sandbox.run(args);

it("logs --follow goes on with the replicas that a reload brings", async () => {
  const write = (word: string, replicas: number) =>
    sandbox.write(
      "Supervisorfile",
      `sh talk.sh {\n name talker\n env WORD ${word}\n env R "{{.Replica}}"\n redirect_stdout log\n redirect_stderr file talker.log\n replicas ${replicas}\n}`,
    );
  sandbox.write("talk.sh", "echo $WORD$R\nexec sleep 86420");
  write("one", 1);
  const run = await sandbox.start(["run"]).ready();
  await run.waitFor("one0");
  const follower = sandbox.start(["logs", "--follow", "talker"]);
  await until("the first", () => follower.stdout.includes("one0\n"));
  appendFileSync(sandbox.path("talker.log"), "written 1\n");
  await until("the file", () => follower.stdout.includes("written 1\n"));
  write("two", 2);
  expect((await ask("reload")).code).toBe(0);
  await until("the others", () => ["two0\n", "two1\n"].every((line) => follower.stdout.includes(line)));
  appendFileSync(sandbox.path("talker.log"), "written 2\n");
  await until("the file once more", () => follower.stdout.includes("written 2\n"));
  expect(follower.stdout.match(/two0/g)).toHaveLength(1);
  await run.stop();
  expect(await follower.ended).toBe(0);
});

it.each([
  ["logs -f x", "line"],
  ["events -f -n 1", "started"],
])("%s ends when its reader has gone", async (words) => {
  sandbox.write("talk.sh", "while :; do echo line; sleep 0.1; done");
  sandbox.write(
    "Supervisorfile",
    "sh talk.sh {\n name x\n redirect_stdout file out.log\n redirect_stderr null\n}",
  );
  const run = await sandbox.start(["run"]).ready();
  const command = `${process.execPath} ${repository}/bin/caddy-supervisor.js ${words}`;
  const reader = spawn("sh", ["-c", `${command} | head -1; touch over`], {
    cwd: sandbox.folder,
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => reader.once("exit", resolve));
  // Events come only when something happens.
  const busy = until("the end", async () => {
    if (words.startsWith("events")) await ask("restart", "x");
    return sandbox.has("over");
  });
  await Promise.all([ended, busy]);
  await run.stop();
});

it("the end of a run ends its last line", async () => {
  sandbox.write(
    "talk.sh",
    `[ -e second ] && { echo next; exec sleep 86427; }
touch second; echo whole; printf half; touch begun
while [ ! -e go ]; do sleep 0.05; done`,
  );
  sandbox.write("Supervisorfile", "sh talk.sh {\n name x\n redirect_stdout log\n redirect_stderr null\n}");
  const run = await sandbox.start(["run"]).ready();
  await until("the half line", () => sandbox.has("begun"));
  await until("it to be read", async () => (await ask("logs", "x")).stdout === "whole\nhalf\n");
  const follower = sandbox.start(["logs", "-f", "x"]);
  await until("what is whole", () => follower.stdout.includes("whole\n"));
  sandbox.write("go", "");
  await until("the next run", () => follower.stdout.includes("next\n"));
  expect(follower.stdout).toBe("whole\nhalf\nnext\n");
  await run.stop();
});

it("many streams can be followed at once, and nothing but log records goes to our stderr", async () => {
  sandbox.write("talk.sh", "echo line; exec sleep 86426");
  sandbox.write(
    "Supervisorfile",
    "sh talk.sh {\n replicas 12\n redirect_stdout log\n redirect_stderr file err.log\n}",
  );
  const run = await sandbox.start(["run"]).ready();
  const follower = sandbox.start(["logs", "-f"]);
  await until("all lines", () => follower.stdout.match(/line\n/g)?.length === 12);
  expect(await run.stop()).toBe(0);
  expect(run.stderr.split("\n").filter((line) => line !== "" && !line.startsWith("{"))).toEqual([]);
});

it("a reader that has stalled costs no memory", async () => {
  sandbox.write(
    "Supervisorfile",
    "sleep 86425 {\n name x\n redirect_stdout file out.log\n redirect_stderr null\n}",
  );
  sandbox.write("out.log", "");
  const run = await sandbox.start(["run"]).ready();
  const stalled = sandbox.start(["logs", "-f", "x"]);
  appendFileSync(sandbox.path("out.log"), "first\n");
  await until("the first line", () => stalled.stdout !== "");
  const before = memoryOf(stalled.pid);
  stalled.child.stdout?.pause();
  const lines = `${"x".repeat(999)}\n`.repeat(100_000);
  for (let count = 0; count < 3; count++) appendFileSync(sandbox.path("out.log"), lines);
  await until("a pipe that is full", isAtRest(stalled, 30));
  expect(memoryOf(stalled.pid) - before).toBeLessThan(100 * 1024 * 1024);
  stalled.child.stdout?.resume();
  await until("all of it", () => stalled.stdout.length > 3 * lines.length);
  await run.stop();
});

/** Whether a program has used no processor time since this many looks: it waits for somebody. */
const isAtRest = (program: ProgramRun, looks: number) => {
  let [before, same] = ["", 0];
  return () => {
    const now = readFileSync(`/proc/${program.pid}/stat`, "latin1").split(" ").slice(13, 15).join();
    same = now === before ? same + 1 : 0;
    before = now;
    return same >= looks;
  };
};

const memoryOf = (pid: number) =>
  Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;

it.each(["log", "file out.log"])("a line that has only begun is not told in two (%s)", async (target) => {
  sandbox.write(
    "Supervisorfile",
    `sh talk.sh {\n name x\n redirect_stdout ${target}\n redirect_stderr null\n}`,
  );
  sandbox.write(
    "talk.sh",
    "echo whole; printf half; touch begun\nwhile [ ! -e go ]; do sleep 0.05; done\necho ' and half'; exec sleep 86421",
  );
  const run = await sandbox.start(["run"]).ready();
  await until("the half line", () => sandbox.has("begun"));
  await until("it to be read", async () => (await ask("logs", "x")).stdout === "whole\nhalf\n");
  const follower = sandbox.start(["logs", "-f", "x"]);
  await until("what is whole", () => follower.stdout.includes("whole\n"));
  sandbox.write("go", "");
  await until("the other half", () => follower.stdout.includes("and half\n"));
  expect(follower.stdout).toBe("whole\nhalf and half\n");
  await run.stop();
});
