import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, it } from "vitest";
import { repository } from "../support/program.ts";

const run = promisify(execFile);

// The nightly run does a hundred times as much: see scripts/growth.mjs.
describe.concurrent("nothing that the program holds grows", () => {
  it.each([
    ["restarts", { GROWTH_RESTARTS: "1500", GROWTH_REPLICAS: "50" }],
    ["reloads", { GROWTH_RELOADS: "150" }],
    ["calls", { GROWTH_CALLS: "30" }],
    ["idle", { GROWTH_HOURS: "1" }],
  ])(
    "with %s",
    async (scenario, sizes) => {
      const env = { ...process.env, ...sizes };
      await run(process.execPath, ["scripts/growth.mjs", scenario], { cwd: repository, env });
    },
    180_000,
  );
});
