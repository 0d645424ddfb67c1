// Other versions of Node, to run tests with: the newest of a line, from the npm packages that hold its binary. They are
// kept in node_modules/.cache/nodes and are no dependencies: package.json and its lock file do not know them.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fail, root } from "./setup.mjs";

/** The newest line with long-term support, and the current one. Ours, the floor, runs everything anyway. */
export const newerLines = ["24", "26"];

/**
 * The binaries of these lines. One that cannot be had is an error in CI; elsewhere it is left out, and that is said.
 *
 * @returns {{ line: string, version: string, binary: string }[]}
 */
export function newerNodes() {
  return newerLines.flatMap((line) => {
    const binary = installed(line);
    const version = binary === undefined ? undefined : versionOf(binary);
    if (version !== undefined) return [{ line, version, binary }];
    const message = `Node ${line} cannot be had from npm (package ${packageName()})`;
    if (process.env.CI) fail(message);
    console.warn(`${message}: it is left out`);
    return [];
  });
}

function packageName() {
  return `node-${process.platform}-${process.arch}`;
}

/** The package `node` chooses one of these at its install, by a script; npm may not run scripts, so we choose. */
function installed(line) {
  const folder = join(root, "node_modules", ".cache", "nodes", line);
  const binary = join(folder, "node_modules", packageName(), "bin", "node");
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  const flags = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
  spawnSync("npm", ["install", "--prefix", folder, ...flags, `${packageName()}@${line}`], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return existsSync(binary) ? binary : undefined;
}

function versionOf(binary) {
  const { status, stdout } = spawnSync(binary, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** An environment in which `node` is this binary, for programs that look for it. */
export function environmentOf(binary) {
  return { ...process.env, PATH: `${dirname(binary)}:${process.env.PATH}` };
}
