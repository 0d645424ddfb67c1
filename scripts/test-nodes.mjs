// npm run test:nodes [-- FILTER…]: the tests that a newer Node could break, on each newer Node: unit, golden, and some
// with real processes. The last lines are `Node vN: N passed, N failed`, one for each.
import { installNeededPrograms } from "./needed-programs.mjs";
import { environmentOf, newerNodes } from "./nodes.mjs";
import { build } from "./setup.mjs";
import { runTests } from "./vitest.mjs";

const short = [
  "test/unit",
  "test/golden",
  "test/integration/run.test.ts",
  "test/integration/stop.test.ts",
  // Half the time: a worker does not begin anew with each file.
  "--no-isolate",
];

installNeededPrograms();
await build();
const given = process.argv.slice(2);
const results = newerNodes().map(({ version, binary }) => {
  const result = runTests(given.length > 0 ? given : short, { node: binary, env: environmentOf(binary) });
  return { ...result, line: `Node ${version}: ${result.summary}` };
});
for (const { line } of results) console.log(line);
process.exit(results.some(({ failed }) => failed > 0) ? 1 : 0);
