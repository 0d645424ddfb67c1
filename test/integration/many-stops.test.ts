import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { until } from "../support/gates.ts";
import { descendants, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

it("stops a hundred stubborn replicas in about one grace period", async () => {
  sandbox.write(
    "Supervisorfile",
    `sh -c "trap '' INT TERM; echo x >> $SANDBOX/trapped; while :; do sleep 86400; done" {
      replicas 100
      termination_grace_period 2s
    }`,
  );
  const run = await sandbox.start(["run"]).ready();
  await until(
    "a hundred traps",
    () => existsSync(sandbox.path("trapped")) && readFileSync(sandbox.path("trapped"), "utf8").length === 200,
  );
  const begin = performance.now();
  expect(await run.stop()).toBe(0);
  const duration = performance.now() - begin;
  expect(duration).toBeGreaterThan(2_000);
  // One after another they would take 200 s.
  expect(duration).toBeLessThan(15_000);
  expect(descendants(sandbox)).toEqual([]);
}, 60_000);
