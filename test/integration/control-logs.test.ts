import { appendFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { until } from "../support/gates.ts";
import { Sandbox } from "../support/program.ts";

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
