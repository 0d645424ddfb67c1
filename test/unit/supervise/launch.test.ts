import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type LaunchOrder, launch, mayExecute } from "../../../src/supervise/launch.ts";
import { type Launch, planLaunch } from "../../../src/supervise/launch-chain.ts";
import { systemTools } from "../../../src/supervise/wrapper-tools.ts";
import { noRights } from "../../support/no-rights.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "launch-"));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn("not root: the tests of launches as somebody else are left out");

function outputOf(how: Launch, args: readonly string[], rest: Partial<LaunchOrder> = {}): Promise<string> {
  const child = launch({
    file: "/bin/sh",
    command: "sh",
    args,
    launch: how,
    options: { stdio: ["ignore", "pipe", "inherit"], env: {} },
    ...rest,
  });
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  return new Promise((resolve) => child.once("close", () => resolve(text.trim())));
}

it("gives a process its umask and keeps ours, also when it cannot be started", async () => {
  const own = process.umask();
  const how = planLaunch("", { ...noRights, umask: 0o137 });
  expect(await outputOf(how, ["-c", "umask"])).toBe("0137");
  expect(process.umask()).toBe(own);
  expect(() => outputOf(how, ["with\0nul"])).toThrow();
  expect(process.umask()).toBe(own);
});

it("gives the command's path as argv[0] behind a chain, else its name", async () => {
  const args = ["-c", "tr '\\0' '\\n' < /proc/$$/cmdline | head -n 1"];
  expect(await outputOf(planLaunch("", noRights), args, { command: "my-sh" })).toBe("my-sh");
  expect(await outputOf(planLaunch("", { ...noRights, nice: 1 }), args, { command: "my-sh" })).toBe(
    "/bin/sh",
  );
});

it("passes words and variables on untouched, whatever they hold", async () => {
  const how = planLaunch("", { ...noRights, nice: 1 });
  const odd = "$(id) `id` \"quoted\" 'single'\n--";
  const script = "console.log(JSON.stringify([process.argv.slice(1), process.env]))";
  const env = { "odd.name": odd, PLAIN: odd, UID: "7" };
  const text = await outputOf(how, ["-e", script, "--", odd, "", "--reuid=0"], {
    file: process.execPath,
    options: { stdio: ["ignore", "pipe", "inherit"], env },
  });
  expect(JSON.parse(text)).toEqual([[odd, "", "--reuid=0"], env]);
});

it.runIf(isRoot)("tells what a user may execute as the kernel sees it", () => {
  const how = planLaunch("www-data", noRights);
  const file = join(folder, "app");
  writeFileSync(file, "");
  for (const [mode, expected] of [
    [0o755, true],
    [0o700, false],
    [0o644, false],
  ] as const) {
    chmodSync(file, mode);
    expect(mayExecute(file, how)).toBe(expected);
  }
  chmodSync(file, 0o755);
  chmodSync(folder, 0o700);
  expect(mayExecute(file, how)).toBe(false);
});

it.runIf(isRoot)("notices a tool that only seems to work", () => {
  const [setpriv, nice] = [systemTools.find("setpriv") ?? "", systemTools.find("nice") ?? ""];
  const as = { uid: 33, gid: 33, groups: [33] };
  const fault = (chain: string[], wanted: Parameters<typeof systemTools.fault>[1]) =>
    systemTools.fault(chain, wanted, {});
  expect(fault([setpriv, "--reuid=33", "--regid=33", "--groups=33", "--"], { as })).toBeUndefined();
  // Each lacks one thing, and ends with 0.
  expect(fault([setpriv, "--reuid=33", "--keep-groups", "--"], { as })).toBeDefined();
  expect(fault([setpriv, "--reuid=33", "--regid=33", "--groups=33,4", "--"], { as })).toBeDefined();
  const halfway = ["--euid=33", "--regid=33", "--groups=33", "--bounding-set=-all", "--"];
  expect(fault([setpriv, ...halfway], { as })).toBeDefined();
  const capable = [
    "--reuid=33",
    "--regid=33",
    "--groups=33",
    "--inh-caps=+chown",
    "--ambient-caps=+chown",
    "--",
  ];
  expect(fault([setpriv, ...capable], { as })).toBeDefined();
  expect(fault([nice, "-n", "2"], { noNewPrivileges: true })).toBe("it has no effect here");
  const unprivileged = [setpriv, "--reuid=33", "--regid=33", "--clear-groups", "--", nice, "-n", "-5"];
  expect(fault(unprivileged, { niceness: -5 })).toContain("nice: cannot set niceness: Permission denied");
});
