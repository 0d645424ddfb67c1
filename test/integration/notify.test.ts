import { randomUUID } from "node:crypto";
import { chmodSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeManager } from "../support/fake-manager.ts";
import { descendants, freePort, programs, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
let manager: FakeManager;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(async () => {
  manager.close();
  await sandbox.remove();
});

const withoutKoffi = { NODE_OPTIONS: `--import ${programs}/hide-koffi.mjs` };
const throughProgram = "telling the service manager through systemd-notify: the unit needs NotifyAccess=all";
const sleeper = (replicas: number) => `sleep 86400 {\n replicas ${replicas}\n }`;

/** Lines of a message by their names. */
function variables(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split("\n").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

async function caddyfile(
  replicas: number,
  body: string,
): Promise<{ write: (replicas: number, body: string) => void }> {
  const admin = await freePort();
  const site = await freePort();
  const write = (count: number, answer: string) =>
    sandbox.write(
      "Caddyfile",
      `{
        admin localhost:${admin}
        auto_https off
        supervisor {
          ${sleeper(count)}
        }
      }
      http://localhost:${site} {
        ${answer}
      }`,
    );
  write(replicas, body);
  return { write };
}

const speakers = [
  { name: "with koffi", env: {}, warns: 0 },
  { name: "without koffi, through systemd-notify", env: withoutKoffi, warns: 1 },
];

describe.each(speakers)("the notify socket, $name", ({ env, warns }) => {
  it("hears READY, RELOADING and READY for each reload, also one that fails, and STOPPING", async () => {
    manager = (await FakeManager.listen(sandbox.path("notify"))).read();
    const { write } = await caddyfile(2, "respond one");
    const run = sandbox.start(["run"], { env: { ...env, NOTIFY_SOCKET: manager.address } });
    await manager.heard("READY=1");
    await run.waitFor("process started", 2);
    await run.ready();
    write(3, "respond two");
    run.signal("SIGHUP");
    await manager.heard("READY=1", 2);
    write(3, "nonsense");
    run.signal("SIGHUP");
    await manager.heard("READY=1", 3);
    run.signal("SIGUSR1");
    await manager.heard("READY=1", 4);
    expect(await run.stop()).toBe(0);
    await manager.heard("STOPPING=1");

    const told = manager.texts.map(variables);
    expect(told.map((each) => Object.keys(each))).toEqual([
      ["READY", "STATUS"],
      ...[1, 2, 3].flatMap(() => [
        ["RELOADING", "MONOTONIC_USEC", "STATUS"],
        ["READY", "STATUS"],
      ]),
      ["STOPPING", "STATUS", "EXTEND_TIMEOUT_USEC"],
    ]);
    const statuses = told.map(({ STATUS }) => STATUS);
    expect(statuses[0]).toBe("2 replicas running, Caddy serving");
    expect(statuses[1]).toBe("reloading the configuration");
    expect(statuses[2]).toBe("3 replicas running, Caddy serving");
    expect(statuses[4]).toMatch(/^3 replicas running, Caddy serving; reload failed: .*nonsense/);
    expect(statuses[7]).toBe("shutting down: SIGTERM");
    // Caddy's 4 s, the default grace period of 10 s, and 2 s for the search.
    expect(told[7]?.EXTEND_TIMEOUT_USEC).toBe("16000000");
    const times = [1, 3, 5].map((index) => BigInt(told[index]?.MONOTONIC_USEC ?? 0));
    expect(times).toEqual([...times].sort((a, b) => Number(a - b)));
    expect(times.at(-1)).toBeLessThan(process.hrtime.bigint() / 1000n);

    // As root, systemd-notify names us as the sender too.
    if (warns === 0 || process.getuid?.() === 0)
      expect(new Set(manager.notices.map(({ sender }) => sender))).toEqual(new Set([run.pid]));
    expect(run.logged(throughProgram)).toHaveLength(warns);
    expect(run.logged("the service manager cannot be told")).toEqual([]);
    expect(descendants(sandbox)).toEqual([]);
  });

  it("may be abstract, and gets signs of life when it asks for them", async () => {
    manager = (await FakeManager.listen(`@csv-${randomUUID()}`)).read();
    sandbox.write("Supervisorfile", sleeper(1));
    const run = sandbox.start(["run"], {
      env: { ...env, NOTIFY_SOCKET: manager.address, WATCHDOG_USEC: "100000" },
    });
    await manager.heard("WATCHDOG=1", 3);
    expect(manager.texts[0]).toBe("READY=1\nSTATUS=1 replica running");
    expect(await run.stop()).toBe(0);
    await manager.heard("STOPPING=1");
  });
});

describe("the notify socket", () => {
  it("gets no signs of life that somebody else is asked for", async () => {
    manager = (await FakeManager.listen(sandbox.path("notify"))).read();
    sandbox.write("Supervisorfile", `sh -c "sleep 0.5" {\n restart_policy never\n }`);
    const run = sandbox.start(["run"], {
      env: { NOTIFY_SOCKET: manager.address, WATCHDOG_USEC: "1000", WATCHDOG_PID: "1" },
    });
    // Time for hundreds of them.
    await run.waitFor("process exited");
    await run.stop();
    await manager.heard("STOPPING=1");
    expect(manager.texts.filter((text) => text.startsWith("WATCHDOG"))).toEqual([]);
  });

  it("hears why a start fails", async () => {
    manager = (await FakeManager.listen(sandbox.path("notify"))).read();
    const taken = await freePort();
    const { createServer } = await import("node:net");
    const server = createServer().listen(taken, "127.0.0.1");
    sandbox.write(
      "Caddyfile",
      `{\n admin off\n auto_https off\n supervisor {\n ${sleeper(1)}\n }\n }\n http://127.0.0.1:${taken} {\n bind 127.0.0.1\n }`,
    );
    const { code } = await sandbox.run(["run"], { env: { NOTIFY_SOCKET: manager.address } });
    server.close();
    expect(code).toBe(1);
    const [text = ""] = await manager.heard("STOPPING=1");
    expect(manager.texts).toHaveLength(1);
    expect(variables(text).STATUS).toBe("shutting down: Caddy did not start");
  });

  it("may be behind with reading: nothing is lost, and nothing waits for it", async () => {
    manager = await FakeManager.listen(sandbox.path("notify"));
    sandbox.write("Supervisorfile", sleeper(1));
    const run = await sandbox.start(["run"], { env: { NOTIFY_SOCKET: manager.address } }).ready();
    // More than its queue holds (net.unix.max_dgram_qlen).
    const reloads = Number(readFileSync("/proc/sys/net/unix/max_dgram_qlen", "utf8"));
    for (let count = 1; count <= reloads; count++) {
      run.signal("SIGHUP");
      await run.waitFor("config is unchanged", count);
    }
    expect(manager.notices).toEqual([]);
    manager.read();
    await manager.heard("READY=1", reloads + 1);
    expect(manager.texts.filter((text) => text.startsWith("RELOADING=1"))).toHaveLength(reloads);
    expect(await run.stop()).toBe(0);
  });

  it.skipIf(process.getuid?.() !== 0)(
    "is told by systemd-notify itself without koffi and root, hence the warning (needs root, to give it up)",
    async () => {
      manager = (await FakeManager.listen(`@csv-${randomUUID()}`)).read();
      chmodSync(sandbox.folder, 0o755);
      for (const part of ["bin", "dist", "package.json", "node_modules/commander"]) sandbox.copy(part, part);
      sandbox.write("Supervisorfile", sleeper(1));
      const run = sandbox.start(["run"], {
        uid: 65_534,
        gid: 65_534,
        bin: sandbox.path("bin/caddy-supervisor.js"),
        env: { NOTIFY_SOCKET: manager.address, XDG_RUNTIME_DIR: "", TMPDIR: "/tmp" },
      });
      await manager.heard("READY=1");
      expect(manager.notices[0]?.sender).not.toBe(run.pid);
      await run.waitFor(throughProgram);
      expect(await run.stop()).toBe(0);
      await manager.heard("STOPPING=1");
    },
  );

  it("that is gone is told once, and changes nothing else", async () => {
    manager = await FakeManager.listen(sandbox.path("notify"));
    sandbox.write("Supervisorfile", sleeper(1));
    const run = sandbox.start(["run"], { env: { NOTIFY_SOCKET: sandbox.path("nosuch") } });
    await run.waitFor("the service manager cannot be told");
    run.signal("SIGHUP");
    await run.waitFor("config is unchanged");
    expect(await run.stop()).toBe(0);
    expect(run.logged("the service manager cannot be told")).toMatchObject([
      { level: "warn", logger: "supervisor", error: "no such file or directory" },
    ]);
  });

  it("reaches nobody else: not the processes, not Caddy, not the guard", async () => {
    manager = (await FakeManager.listen(sandbox.path("notify"))).read();
    await caddyfile(1, "respond one");
    const run = sandbox.start(["run"], {
      env: { NOTIFY_SOCKET: manager.address, WATCHDOG_USEC: "60000000" },
    });
    await manager.heard("READY=1");
    const others = descendants(sandbox).filter((pid) => pid !== run.pid);
    const names = others.map((pid) => readFileSync(`/proc/${pid}/comm`, "utf8").trim());
    // There may be two of Caddy: what modules it has is asked of another run of it.
    expect([...new Set(names)].sort()).toEqual(["caddy", "sh", "sleep"]);
    for (const pid of others)
      expect(readFileSync(`/proc/${pid}/environ`, "latin1")).not.toMatch(/NOTIFY_SOCKET|WATCHDOG/);
    expect(await run.stop()).toBe(0);
  });
});
