// npm run vectors -- FILE…: runs files in the formats of test/golden/vectors/README.md. Each failing line is printed with
// what was expected and what came; the last line is `N passed, N failed`.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { build, fail } from "./setup.mjs";

await build();
const { checkVector } = await import("./vector-kinds.mjs");
const api = {
  ...(await import("../dist/index.js")),
  ...(await import("../dist/go/template/index.js")),
  // Both layers have a `parse`: vectors mean the Caddyfile's.
  ...(await import("../dist/caddyfile/index.js")),
  ...(await import("../dist/go/duration.js")),
  ...(await import("../dist/go/integers.js")),
};

const files = process.argv.slice(2);
if (files.length === 0) fail("usage: npm run vectors -- FILE…");
let passed = 0;
let failed = 0;
for (const file of files) {
  const lines = readFileSync(resolve(process.env.INIT_CWD ?? ".", file), "utf8").split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const faults = judge(line);
    if (faults.length === 0) {
      passed++;
      continue;
    }
    failed++;
    console.log(`${file}:${index + 1}`);
    for (const { what, expected, actual } of faults) {
      console.log(`  ${what}\n    expected ${shown(expected)}\n    actual   ${shown(actual)}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function judge(line) {
  try {
    return checkVector(JSON.parse(line), api);
  } catch (error) {
    return [{ what: "the vector itself", expected: "a result", actual: String(error?.stack ?? error) }];
  }
}

function shown(value) {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
