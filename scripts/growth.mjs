// npm run growth              what the program holds before and after thousands of restarts, of reloads, and a day of idleness
// npm run growth -- NAME…     only restarts, reloads, reloads-caddy, calls, idle
//   --write                   puts the numbers into docs/benchmarks.md and docs/growth.json
//
// GROWTH_RESTARTS=10000 (of GROWTH_REPLICAS=1000), GROWTH_RELOADS=1000, GROWTH_CADDY_RELOADS=200, GROWTH_CALLS=100, GROWTH_HOURS=24 (GROWTH_RATE=1000
// times as fast) say how much; the nightly run does ten times as much. Fails when anything has grown.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { growths } from "./growth/bounds.mjs";
import { calls } from "./growth/calls.mjs";
import { idle } from "./growth/idle.mjs";
import { reloads } from "./growth/reloads.mjs";
import { tableOf, writeGrowth } from "./growth/report.mjs";
import { restarts } from "./growth/restarts.mjs";
import { build, fail } from "./setup.mjs";

const scenarios = [restarts, ...reloads, calls, idle];
const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: "boolean" } },
});
const chosen = positionals.length > 0 ? positionals.map(scenarioNamed) : scenarios;

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
await build();
const results = [];
for (const { name, title, run } of chosen) {
  const folder = mkdtempSync(join(tmpdir(), "caddy-supervisor-growth-"));
  try {
    const { before, after, complaints } = await run(folder);
    results.push({ name, title, before, after, complaints: [...growths(before, after), ...complaints] });
    console.log(`${title}\n${tableOf([{ name, before, after }])}`);
  } catch (error) {
    results.push({ name, complaints: [error.message] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
if (flags.write) {
  const measured = results.filter(({ before }) => before !== undefined);
  writeGrowth(
    measured,
    scenarios.map(({ name }) => name),
  );
}
for (const { name, complaints } of results) {
  for (const complaint of complaints) console.error(`${name}: ${complaint}`);
  console.log(`${name}: ${complaints.length === 0 ? "flat" : "failed"}`);
}
process.exit(results.some(({ complaints }) => complaints.length > 0) ? 1 : 0);

function scenarioNamed(name) {
  const found = scenarios.find((scenario) => scenario.name === name);
  return found ?? fail(`no scenario ${name}; there are ${scenarios.map((each) => each.name).join(", ")}`);
}
