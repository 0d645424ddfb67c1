import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ExitStatus, exitText } from "../../../src/supervise/exit-status.ts";
import { loadNative } from "../../../src/supervise/native/native.ts";
import { NativeStarter, openStarter } from "../../../src/supervise/native-starter.ts";
import { nodeStarter } from "../../../src/supervise/node-starter.ts";
import type { RunUsage } from "../../../src/supervise/ports.ts";
import { linuxProcessTable } from "../../../src/supervise/process-table.ts";
import type { Program, Starter } from "../../../src/supervise/starter.ts";
import { until } from "../../support/gates.ts";
import { uncaught } from "../../support/uncaught.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "starter-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const native = await openStarter();
const starters = [
  ["Node", nodeStarter],
  ["ourselves", native],
] as const;

interface Ended {
  readonly pid: number;
  readonly status: ExitStatus;
  readonly usage: RunUsage | undefined;
  /** The state of its entry in the process table while its end was told. */
  readonly wasZombie: boolean;
  readonly wasReaped: boolean;
}

const programOf = (argv: readonly string[], rest: Partial<Program> = {}): Program => ({
  file: argv[0] as string,
  argv,
  env: {},
  dir: undefined,
  stdout: "ignore",
  stderr: "ignore",
  ids: {},
  ...rest,
});

/** Starts a program; `ended` fails when it could not be started. */
function begin(starter: Starter, argv: readonly string[], rest: Partial<Program> = {}) {
  let pid: number | undefined;
  let wasReaped = false;
  const ended = new Promise<Ended>((resolve, reject) => {
    pid = starter.start(programOf(argv, rest), {
      onFailed: reject,
      onEnded: (status, usage) => {
        const wasZombie = linuxProcessTable.entry(pid ?? 0)?.dead ?? false;
        resolve({ pid: pid ?? 0, status, usage, wasZombie, wasReaped });
      },
      onReaped: () => {
        wasReaped = true;
      },
    });
  });
  ended.catch(() => {});
  return { pid, ended };
}

const sh = (script: string, ...args: string[]) => ["/bin/sh", "-c", script, "sh", ...args];

async function outputOf(starter: Starter, argv: readonly string[], rest: Partial<Program> = {}) {
  const path = join(folder, "output");
  const stdout = openSync(path, "a");
  await begin(starter, argv, { stdout, ...rest }).ended;
  closeSync(stdout);
  return readFileSync(path, "utf8");
}

const bare = { env: [], dir: undefined, descriptors: ["ignore", "ignore", "ignore"] } as const;

/** Nothing is heard meanwhile. */
function untilDead(pids: readonly number[]): void {
  while (!pids.every((pid) => linuxProcessTable.entry(pid)?.dead));
}

it("needs no fork on this machine", () => {
  expect(native).toBeInstanceOf(NativeStarter);
});

describe.each(starters)("started by %s", (_, starter) => {
  it.each([
    ["exit 0", { code: 0 }],
    ["exit 255", { code: 255 }],
    ["kill -KILL $$", { signal: 9 }],
    ["kill -TERM $$", { signal: 15 }],
  ])("tells how %j ended", async (script, status) => {
    const { pid, ended } = begin(starter, sh(script));
    expect(await ended).toMatchObject({ pid, status });
  });

  it("gives a session of its own, and no signal that is blocked or ignored", async () => {
    process.on("SIGUSR2", () => {});
    const text = await outputOf(starter, sh("cat /proc/self/stat /proc/self/status; echo $$"));
    process.removeAllListeners("SIGUSR2");
    const [, group, session] = text.slice(text.indexOf(") ") + 4).split(" ");
    const leader = text.trim().split("\n").at(-1);
    expect([group, session]).toEqual([leader, leader]);
    expect(/^SigBlk:\s*(\w+)$/m.exec(text)?.[1]).toMatch(/^0+$/);
    expect(/^SigIgn:\s*(\w+)$/m.exec(text)?.[1]).toMatch(/^0+$/);
  });

  it("gives arguments, variables and a folder untouched", async () => {
    const odd = "ü 🙂 \"'$(id)\n\\";
    const script = 'pwd; printf "%s|" "$@" "$ODD"; readlink /proc/self/fd/0';
    const text = await outputOf(starter, sh(script, odd, ""), {
      dir: folder,
      env: { ODD: odd, GONE: undefined },
    });
    expect(text).toBe(`${folder}\n${odd}||${odd}|/dev/null\n`);
  });

  it("lets stdout and stderr change places", async () => {
    const report = join(folder, "report");
    const script = `const fs = require("node:fs");
      const target = (fd) => fs.readlinkSync("/proc/self/fd/" + fd);
      fs.writeFileSync(${JSON.stringify(report)}, JSON.stringify([1, 2].map(target)));`;
    await begin(starter, [process.execPath, "-e", script], { stdout: 2, stderr: 1 }).ended;
    const ours = [1, 2].map((descriptor) => readlinkSync(`/proc/self/fd/${descriptor}`));
    expect(JSON.parse(readFileSync(report, "utf8"))).toEqual(ours.reverse());
  });

  it("makes a program wait that writes to what is full", async () => {
    const pipe = join(folder, "pipe");
    await begin(nodeStarter, ["/usr/bin/mkfifo", pipe]).ended;
    const { O_RDWR, O_NONBLOCK } = constants;
    const descriptor = openSync(pipe, O_RDWR | O_NONBLOCK);
    await begin(starter, sh("grep flags /proc/self/fdinfo/1 > $OUT"), {
      stdout: descriptor,
      env: { OUT: join(folder, "flags"), PATH: process.env.PATH },
    }).ended;
    closeSync(descriptor);
    const flags = Number.parseInt(readFileSync(join(folder, "flags"), "utf8").split(/\s+/)[1] ?? "", 8);
    expect(flags & O_NONBLOCK).toBe(0);
  });

  it.each([
    ["ENOENT", (path: string) => path],
    ["EACCES", (path: string) => path],
    ["E2BIG", () => "/bin/true"],
  ])("tells of %s", async (code, program) => {
    const file = program(join(folder, "program"));
    if (code === "EACCES") writeFileSync(file, "#!/bin/sh\n", { mode: 0o644 });
    const { pid, ended } = begin(starter, [file, ...(code === "E2BIG" ? ["x".repeat(2 ** 18)] : [])]);
    await expect(ended).rejects.toMatchObject({ code });
    expect(pid).toBeUndefined();
  });

  it("passes on an environment of a megabyte", async () => {
    const env = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`V${i}`, "x".repeat(2 ** 16)]));
    const script = "/usr/bin/tr '\\0' '\\n' < /proc/$$/environ | /usr/bin/wc -c";
    expect(Number(await outputOf(starter, sh(script), { env }))).toBeGreaterThan(2 ** 20);
  });

  it("has a shell read a script that names no interpreter", async () => {
    const script = join(folder, "script");
    writeFileSync(script, "echo read\n");
    chmodSync(script, 0o755);
    expect(await outputOf(starter, [script])).toBe("read\n");
  });
});

it.each([
  ["ignore", "ignore"],
  [2, 1],
] as const)("leaves no descriptor open that Node would close: %s, %s", async (stdout, stderr) => {
  const report = join(folder, "report");
  const script = `const fs = require("node:fs");
    fs.writeFileSync(${JSON.stringify(report)}, fs.readdirSync("/proc/self/fd").join());`;
  const lists = [];
  for (const [, starter] of starters) {
    await begin(starter, [process.execPath, "-e", script], { stdout, stderr }).ended;
    lists.push(readFileSync(report, "utf8"));
  }
  expect(lists[0]).toBe(lists[1]);
});

describe("an end that we hear of ourselves", () => {
  it("is told while the number still is the child's, with what it has used", async () => {
    const { ended } = begin(native, sh("i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"));
    const { wasZombie, wasReaped, usage, pid } = await ended;
    expect([wasZombie, wasReaped]).toEqual([true, false]);
    expect(usage?.cpuTime).toBeGreaterThan(0.01);
    // It never had as much as we.
    expect(usage?.peakMemory).toBeUndefined();
    expect(linuxProcessTable.entry(pid)).toBeUndefined();
  });

  it.each([
    [
      "ulimit -c unlimited; kill -SEGV $$",
      { signal: 11, coreDumped: true },
      "signal: segmentation fault (core dumped)",
    ],
    ["ulimit -c 0; kill -SEGV $$", { signal: 11, coreDumped: false }, "signal: segmentation fault"],
    ["kill -40 $$", { signal: 40, coreDumped: false }, "signal: signal 40"],
  ])("is told as Go tells it: %s", async (script, status, text) => {
    const end = await begin(native, sh(script), { dir: folder }).ended;
    expect(end.status).toEqual(status);
    expect(exitText(end.status)).toBe(text);
  });

  it("tells of memory that is surely the child's own", async () => {
    const megabytes = Math.ceil(process.resourceUsage().maxRSS / 1024) + 100;
    const script = `const b = Buffer.alloc(${megabytes} * 2 ** 20, 1); process.exit(b[9] - 1)`;
    const { usage, status } = await begin(native, [process.execPath, "-e", script]).ended;
    expect(status).toEqual({ code: 0 });
    expect(usage?.peakMemory).toBeGreaterThan(megabytes * 2 ** 20);
    expect(usage?.peakMemory).toBeLessThan((megabytes + 300) * 2 ** 20);
  });

  it("is not lost among hundreds at once", async () => {
    const all = Array.from({ length: 300 }, () => begin(native, ["/bin/sleep", "86400"]));
    for (const { pid } of all) process.kill(pid as number, "SIGKILL");
    const ends = await Promise.all(all.map(({ ended }) => ended));
    expect(new Set(ends.map(({ pid }) => pid)).size).toBe(300);
    expect(ends.every(({ status }) => status.signal === 9)).toBe(true);
  });

  it("is found behind a zombie that is somebody else's, who still buries it", async () => {
    // Of no starter: nobody buries it until we say so.
    const children = (await loadNative())?.children;
    const other = children?.spawn({ ...bare, file: "/bin/true", argv: ["true"] });
    await until("the zombie", () => linuxProcessTable.entry(other as number)?.dead === true);
    expect(children?.ended()?.pid).toBe(other);
    const ends = await Promise.all(Array.from({ length: 5 }, () => begin(native, ["/bin/true"]).ended));
    expect(ends.map(({ status }) => status)).toEqual(Array(5).fill({ code: 0 }));
    expect(linuxProcessTable.entry(other as number)?.dead).toBe(true);
    expect((await loadNative())?.bury(other as number)).toBe(true);
  });

  it.each([false, true])("is told with a few others in each turn; behind a zombie: %j", async (isBehind) => {
    const door = await loadNative();
    const nobodys = isBehind
      ? door?.children?.spawn({ ...bare, file: "/bin/true", argv: ["true"] })
      : undefined;
    if (nobodys !== undefined) untilDead([nobodys]);
    let turn = 0;
    let isOver = false;
    const count = () => {
      turn++;
      if (!isOver) setImmediate(count);
    };
    count();
    const all = Array.from({ length: 200 }, () => begin(native, ["/bin/sleep", "86400"]));
    const turns = all.map(({ ended }) => ended.then(() => turn));
    for (const { pid } of all) process.kill(pid as number, "SIGKILL");
    const told = await Promise.all(turns);
    isOver = true;
    const most = Math.max(...told.map((each) => told.filter((other) => other === each).length));
    // Where in a turn it is counted is not known: two halves may make one.
    expect(most).toBeLessThanOrEqual(2 * 16);
    if (nobodys !== undefined) expect(door?.bury(nobodys)).toBe(true);
  });

  it("is told though somebody throws who heard of another", async () => {
    let fails = 0;
    let others: ReturnType<typeof begin>[] = [];
    const thrown = uncaught(() => {
      const listener = {
        onFailed() {},
        onEnded() {
          throw new Error("of a listener");
        },
        onReaped() {},
      };
      fails = native.start(programOf(["/bin/true"]), listener) ?? 0;
      others = Array.from({ length: 3 }, () => begin(native, ["/bin/true"]));
      untilDead([fails, ...others.map(({ pid }) => pid as number)]);
    });
    expect(await thrown).toBe("of a listener");
    await Promise.all(others.map(({ ended }) => ended));
    expect(linuxProcessTable.entry(fails)).toBeUndefined();
  });

  it("leaves Node its own children", async () => {
    const theirs = Array.from({ length: 20 }, (_, code) => spawn("/bin/sh", ["-c", `exit ${code}`]));
    const ours = Array.from({ length: 20 }, (_, code) => begin(native, sh(`exit ${code}`)).ended);
    const codes = await Promise.all(theirs.map(async (child) => (await once(child, "exit"))[0]));
    expect(codes).toEqual([...codes.keys()]);
    expect((await Promise.all(ours)).map(({ status }) => status.code)).toEqual(codes);
  });
});
