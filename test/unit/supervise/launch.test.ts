import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LaunchOrder, launch, mayExecute } from "../../../src/supervise/launch.ts";
import { type Launch, planLaunch } from "../../../src/supervise/launch-chain.ts";
import { NativeStarter, openStarter } from "../../../src/supervise/native-starter.ts";
import { nodeStarter } from "../../../src/supervise/node-starter.ts";
import type { Starter } from "../../../src/supervise/starter.ts";
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

const starters = [
  ["Node", nodeStarter],
  ["ourselves", await openStarter()],
] as const;

/** What a program writes to its stdout until it ends. */
function outputOf(
  starter: Starter,
  how: Launch | undefined,
  args: readonly string[],
  rest: Partial<LaunchOrder> = {},
): Promise<string> {
  const output = join(folder, "output");
  const stdout = openSync(output, "w");
  return new Promise<string>((resolve, reject) => {
    const order = { file: "/bin/sh", command: "sh", args, launch: how, dir: undefined, env: {}, stdout };
    launch({ ...order, stderr: stdout, ...rest }, starter, {
      onFailed: reject,
      onEnded: () => resolve(readFileSync(output, "utf8").trim()),
      onReaped: () => {},
    });
  }).finally(() => closeSync(stdout));
}

it("has a starter of its own on this machine", async () => {
  expect(await openStarter()).toBeInstanceOf(NativeStarter);
});

describe.each(starters)("started by %s", (_, starter) => {
  it("gives a process its umask and keeps ours, also when it cannot be started", async () => {
    const own = process.umask();
    const how = planLaunch("", { ...noRights, umask: 0o137 });
    expect(await outputOf(starter, how, ["-c", "umask"])).toBe("0137");
    expect(process.umask()).toBe(own);
    await expect(outputOf(starter, how, ["with\0nul"])).rejects.toMatchObject({
      code: "ERR_INVALID_ARG_VALUE",
    });
    expect(process.umask()).toBe(own);
  });

  it("gives the command's path as argv[0] behind a chain, else its name", async () => {
    const args = ["-c", "tr '\\0' '\\n' < /proc/$$/cmdline | head -n 1"];
    expect(await outputOf(starter, planLaunch("", noRights), args, { command: "my-sh" })).toBe("my-sh");
    expect(
      await outputOf(starter, planLaunch("", { ...noRights, nice: 1 }), args, { command: "my-sh" }),
    ).toBe("/bin/sh");
  });

  it("passes words and variables on untouched, whatever they hold", async () => {
    const how = planLaunch("", { ...noRights, nice: 1 });
    const odd = "$(id) `id` \"quoted\" 'single'\n--";
    const script = "console.log(JSON.stringify([process.argv.slice(1), process.env]))";
    const env = { "odd.name": odd, PLAIN: odd, UID: "7" };
    const text = await outputOf(starter, how, ["-e", script, "--", odd, "", "--reuid=0"], {
      file: process.execPath,
      env,
    });
    expect(JSON.parse(text)).toEqual([[odd, "", "--reuid=0"], env]);
  });
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
