import { afterEach, beforeEach, expect, it } from "vitest";
import { fileWritten, isAlive, until } from "../support/gates.ts";
import { descendants, programs, Sandbox } from "../support/program.ts";

/** Node starts everything itself, by fork(2), and reaps it. */
const env = { NODE_OPTIONS: `--import ${programs}/hide-koffi.mjs` };

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
  sandbox.write(
    "Supervisorfile",
    `sh -c "exit 7" {
      backoff {
        initial 1ms
        max 1ms
      }
    }
    ${process.execPath} ${programs}/ignore-signals.mjs ${sandbox.folder}/gate {
      termination_grace_period 100ms
    }`,
  );
});
afterEach(() => sandbox.remove());

it("keeps processes running, and ends with all of them", async () => {
  const run = await sandbox.start(["run"], { env }).ready();
  const pid = Number(await fileWritten(sandbox.path("gate")));
  const crashes = await run.waitFor("process crashed", 5);
  expect(crashes[0]).toMatchObject({ error: "exit status 7", exit_code: 7 });
  // Nobody tells: Node drops it.
  expect(crashes[0]).not.toHaveProperty("cpu_time");
  expect(await run.stop()).toBe(0);
  expect(isAlive(pid)).toBe(false);
  expect(descendants(sandbox)).toEqual([]);
});

it("is survived by nothing when it is killed", async () => {
  const run = await sandbox.start(["run"], { env }).ready();
  const pid = Number(await fileWritten(sandbox.path("gate")));
  run.signal("SIGKILL");
  await run.ended;
  await until("the end of all", () => !isAlive(pid) && descendants(sandbox).length === 0);
});
