// npm run bench                the main scenario: one process
// npm run bench -- NAME…       these (a name that nobody has prints all)
// npm run bench -- --all       all of them, about ten minutes; writes docs/benchmarks.md and docs/benchmarks.json
//   --write                    puts these in the place of theirs in docs/benchmarks.md and docs/benchmarks.json
//   --systems ours,node        only these
//   --rounds N                 so many runs of each instead of its own number
//   --install                  apt-get the peers that are missing (as root)
//
// Systems take turns (A B C, B C A …), so that a machine that is busy for a while is so for all. Wants a quiet machine all
// the same.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { aptInstall, build, canInstall, fail } from "../scripts/setup.mjs";
import { buildChild } from "./child.mjs";
import { tableOf, writeReport } from "./report.mjs";
import { Running } from "./running.mjs";
import { changes } from "./scenarios/changes.mjs";
import { crashes } from "./scenarios/crashes.mjs";
import { outputs } from "./scenarios/output.mjs";
import { quiet } from "./scenarios/quiet.mjs";
import { restarts } from "./scenarios/restarts.mjs";
import { sizes } from "./scenarios/sizes.mjs";
import { bareNode } from "./systems/bare-node.mjs";
import { ours } from "./systems/ours.mjs";
import { pm2 } from "./systems/pm2.mjs";
import { runit } from "./systems/runit.mjs";
import { s6 } from "./systems/s6.mjs";
import { supervisord } from "./systems/supervisord.mjs";

const scenarios = [...sizes, ...crashes, ...outputs, ...quiet, ...changes, ...restarts];
const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: "boolean" },
    install: { type: "boolean" },
    rounds: { type: "string" },
    systems: { type: "string" },
    write: { type: "boolean" },
  },
});
const chosen = flags.all ? scenarios : (positionals.length > 0 ? positionals : ["one"]).map(scenarioNamed);

await build();
const systems = findSystems([ours, bareNode, pm2, supervisord, s6, runit]);
const scratch = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "caddy-supervisor-bench-"));
// A copy, which no other program on this machine runs: else some of its pages would be on their account (PSS).
const node = join(scratch, "node");
copyFileSync(process.execPath, node);
const bench = { scratch, node, child: buildChild(scratch) };
const results = [];
try {
  for (const system of systems) await system.warm?.(bench);
  for (const scenario of chosen) {
    const result = await runScenario(scenario);
    results.push(result);
    console.log(tableOf(result, systems));
    if (flags.all || flags.write) writeReport(results, systems, scenarios);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function scenarioNamed(name) {
  const found = scenarios.find((scenario) => scenario.name === name);
  return found ?? fail(`no scenario ${name}; there are ${scenarios.map((each) => each.name).join(", ")}`);
}

/** With their versions; who is missing is told. */
function findSystems(all) {
  const wanted = flags.systems?.split(",");
  const asked = wanted === undefined ? all : all.filter(({ name }) => wanted.includes(name));
  const missing = asked.filter((system) => system.package !== undefined && !system.find());
  if (flags.install && missing.length > 0 && canInstall()) aptInstall(missing.map((each) => each.package));
  return asked.flatMap((system) => {
    const version = system.find();
    if (version) return [{ ...system, version }];
    console.log(`${system.title} is left out: it is not installed`);
    return [];
  });
}

/** All systems in turn, round by round. What one of them cannot do is told, and the others go on. */
async function runScenario(scenario) {
  const runs = new Map();
  const able = systems.filter(({ name }) => scenario.systems?.includes(name) ?? true);
  const rounds = Number(flags.rounds ?? scenario.rounds);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < able.length; turn++) {
      const system = able[(round + turn) % able.length];
      const running = new Running(system, scenario.load, bench, scenario.nodeFlags);
      try {
        const measured = await scenario.measure(running);
        runs.set(system.name, [...(runs.get(system.name) ?? []), { round, measured }]);
      } catch (error) {
        console.error(`${scenario.name}: ${system.title}: ${error.message}`);
      } finally {
        await running.dispose();
      }
    }
  }
  return { name: scenario.name, title: scenario.title, rounds, runs: Object.fromEntries(runs) };
}
