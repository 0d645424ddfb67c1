// Runs vitest under some Node and counts what it says.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./setup.mjs";

const entry = join(root, "node_modules", "vitest", "vitest.mjs");

/**
 * @param filters what to run, as vitest's arguments; nothing: everything
 * @param node the binary to run with, default: ours
 * @returns {{ failed: number, summary: string }} the summary is `N passed, N failed`
 */
export function runTests(filters, { node = process.execPath, env = process.env } = {}) {
  const scratch = mkdtempSync(join(tmpdir(), "caddy-supervisor-test-"));
  const report = join(scratch, "report.json");
  const { status } = spawnSync(
    node,
    [entry, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...filters],
    { cwd: root, stdio: "inherit", env },
  );
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, testResults = [] } = read(report);
  rmSync(scratch, { recursive: true, force: true });
  // A file that could not even be loaded has no tests of its own, and yet it failed.
  const broken = testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  const failed = numFailedTests + broken + (status !== 0 && numFailedTests + broken === 0 ? 1 : 0);
  const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : "";
  return { failed, summary: `${numPassedTests} passed, ${failed} failed${skipped}` };
}

function read(report) {
  try {
    return JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return {};
  }
}
