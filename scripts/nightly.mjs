// npm run nightly: everything, on this Node and each newer one, with the large random runs; then random Caddyfiles, the
// soak, and what the program holds before and after a hundred thousand restarts. Takes some hours. Every variable below may be set to something else.
import { spawnSync } from "node:child_process";
import { installNeededPrograms } from "./needed-programs.mjs";
import { environmentOf, newerNodes } from "./nodes.mjs";
import { build, root } from "./setup.mjs";
import { runTests } from "./vitest.mjs";

const large = {
  /** Random orders of events with real processes, and with scripted ones. */
  SCRIPTS: "10000",
  INTERLEAVINGS: "10000",
  CHAOS_SECONDS: "600",
  SOAK_SECONDS: "600",
  GROWTH_RESTARTS: "100000",
  GROWTH_RELOADS: "10000",
  GROWTH_CADDY_RELOADS: "1000",
  GROWTH_CALLS: "1000",
};
const fuzzInputs = "1000000";

installNeededPrograms();
await build();
const nodes = [{ version: process.version, binary: process.execPath }, ...newerNodes()];
const results = nodes.map(({ version, binary }) => {
  const env = { ...large, ...environmentOf(binary) };
  const { failed, summary } = runTests(["--no-file-parallelism"], { node: binary, env });
  return { failed, line: `Node ${version}: ${summary}` };
});
for (const [script, ...args] of [["fuzz", fuzzInputs], ["soak"], ["growth"]]) {
  const { status } = spawnSync(process.execPath, [`scripts/${script}.mjs`, ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...large, ...process.env },
  });
  results.push({ failed: status === 0 ? 0 : 1, line: `${script}: ${status === 0 ? "passed" : "failed"}` });
}
for (const { line } of results) console.log(line);
process.exit(results.some(({ failed }) => failed > 0) ? 1 : 0);
