import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { TestCgroup } from "../support/cgroups.ts";
import { isAlive } from "../support/gates.ts";
import { programs, Sandbox } from "../support/program.ts";

/** Several times what we need, and nothing for whoever wants it all. */
const group = TestCgroup.forMemory(256 * 2 ** 20);
afterAll(() => group?.remove());

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

it.runIf(group !== undefined)("says that memory ran out, and of no other SIGKILL", async () => {
  sandbox.write("Supervisorfile", `sleep 86400\nsh ${programs}/eat-memory.sh {\n restart_policy never\n}`);
  const run = await sandbox.start(["run"], { through: group?.through ?? [] }).ready();
  const [eaten] = await run.waitFor("process crashed");
  expect(eaten).toMatchObject({
    command: ["sh", `${programs}/eat-memory.sh`],
    error: "signal: killed (out of memory)",
    signal: 9,
  });
  const sleeper = run.logged("process started").find(({ command }) => String(command) === "sleep,86400");
  expect(isAlive(Number(sleeper?.pid))).toBe(true);
  process.kill(Number(sleeper?.pid), "SIGKILL");
  const [, killed] = await run.waitFor("process crashed", 2);
  expect(killed?.error).toBe("signal: killed");
  expect(await run.stop()).toBe(0);
});
