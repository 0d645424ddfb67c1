import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { until } from "../support/gates.ts";
import { repository, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const onTerminal = (words: string) => {
  const command = `${process.execPath} ${repository}/bin/caddy-supervisor.js ${words}`;
  return execFileSync("script", ["-qec", command, "/dev/null"], {
    cwd: sandbox.folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
};
const processNames = () =>
  readdirSync("/proc").map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, "utf8").slice(0, -1);
    } catch {
      return "";
    }
  });
const title = "\x1b]2;title\x07";

it("what a process writes cannot steer the terminal of whoever reads it", async () => {
  sandbox.write(
    "talk.sh",
    "printf '\\033[31mred\\033[0m \\033]2;title\\007\\302\\2332J\\tx\\n'; exec sleep 86422",
  );
  sandbox.write(
    "Supervisorfile",
    "sh talk.sh {\n name x\n redirect_stdout file out.log\n redirect_stderr null\n}",
  );
  const run = await sandbox.start(["run"]).ready();
  await until("the line", async () => (await sandbox.run(["logs", "x"])).stdout !== "");
  expect(onTerminal("logs x 2>/dev/null").trim()).toBe("\x1b[31mred\x1b[0m \ufffd]2;title\ufffd\ufffd2J\tx");
  // A file or another program gets what was written.
  const raw = `\x1b[31mred\x1b[0m ${title}\u009b2J\tx`;
  expect((await sandbox.run(["logs", "x"])).stdout).toBe(`${raw}\n`);
  const { stdout } = await sandbox.run(["logs", "--json", "x"]);
  const [entry = ""] = stdout.split("\n").filter((line) => line.includes('"line"'));
  expect(entry).toMatch(/^[\x20-\x7e]*$/);
  expect(JSON.parse(entry)).toMatchObject({ line: raw });
  await run.stop();
});

it("nor can the name of a process that a stop has found", async () => {
  const evil = sandbox.path(title);
  copyFileSync("/bin/sleep", evil);
  chmodSync(evil, 0o755);
  sandbox.write("spawn.sh", `setsid './${title}' 86423 & exec sleep 86424`);
  sandbox.write("Supervisorfile", "sh spawn.sh {\n name x\n}");
  const run = await sandbox.start(["run"]).ready();
  await until("its child", () => processNames().includes(title));
  const { stdout } = await sandbox.run(["down", "x"]);
  expect(stdout).toMatch(/^x:0 down \(also killed: \ufffd\]2;title\ufffd \(\d+\)\)\n$/);
  await run.stop();
});
