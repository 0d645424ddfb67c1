// npm test: installs what the tests need, builds, and runs them all. The last line is `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aptInstall, build, canInstall, onPath, root } from "./setup.mjs";

/** Programs that the tests run, with the Debian packages that hold them. */
const needed = [
  { program: "caddy", package: "caddy", service: "caddy" },
  { program: "php-fpm8.2", package: "php8.2-fpm", service: "php8.2-fpm" },
  { program: "setpriv", package: "util-linux" },
  { program: "openssl", package: "openssl" },
  { program: "script", package: "bsdutils" },
];

const missing = needed.filter(({ program }) => onPath(program) === undefined);
if (missing.length > 0 && canInstall()) {
  aptInstall(
    missing.map((need) => need.package),
    missing.flatMap(({ service }) => service ?? []),
  );
}
const absent = needed.filter(({ program }) => onPath(program) === undefined);
if (absent.length > 0) {
  const packages = absent.map((need) => need.package).join(" ");
  console.error(
    `The tests need ${absent.map(({ program }) => program).join(", ")}. As root: apt-get install ${packages}`,
  );
  process.exit(1);
}

await build();
const scratch = mkdtempSync(join(tmpdir(), "caddy-supervisor-test-"));
const report = join(scratch, "report.json");
const { status } = spawnSync(
  join(root, "node_modules", ".bin", "vitest"),
  ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { cwd: root, stdio: "inherit" },
);
const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, testResults = [] } = readReport();
rmSync(scratch, { recursive: true, force: true });
// A file that could not even be loaded has no tests of its own, and yet it failed.
const broken = testResults.filter(
  (file) => file.status === "failed" && file.assertionResults.length === 0,
).length;
const failed = numFailedTests + broken + (status !== 0 && numFailedTests + broken === 0 ? 1 : 0);
const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : "";
console.log(`${numPassedTests} passed, ${failed} failed${skipped}`);
process.exit(failed > 0 ? 1 : 0);

function readReport() {
  try {
    return JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return {};
  }
}
