import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, expect, it } from "vitest";
import { programs, repository, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

/** A PID namespace of its own: only there may the next number be chosen without disturbing anybody. */
const inNamespace = ["--pid", "--fork", "--kill-child", "--mount-proc"];
const canUnshare = spawnSync("unshare", [...inNamespace, "true"]).status === 0;
if (!canUnshare)
  console.warn("unshare(1) may not make a PID namespace here: the test of a recycled pid is left out");

it.runIf(canUnshare)("a sweep spares a bystander who got the number of a process that was ours", () => {
  // The leader ends, and its number is given to somebody else before the next run sweeps by the state file.
  const script = `${programs}/recycle-pid.sh`;
  const guard = `${repository}/dist/app/guard-main.js`;
  const { stdout, stderr } = spawnSync(
    "unshare",
    [...inNamespace, "sh", script, process.execPath, guard, sandbox.path("state.json")],
    { encoding: "utf8", timeout: 30_000 },
  );
  expect(`${stdout}${stderr}`).toBe("same number\nthe sweep is over\nthe bystander lives\n");
});
