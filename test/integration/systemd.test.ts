import { chmodSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BootedSystemd, makeFolder, targets, whyNotBoot } from "../support/booted-systemd.ts";
import { fileWritten, until } from "../support/gates.ts";
import { freePort, programs, repository, Sandbox } from "../support/program.ts";

const whyNot = whyNotBoot();
if (whyNot !== undefined) console.warn(`the unit is not run by a real systemd: ${whyNot}`);

const unit = "caddy-supervisor";
const standing = ["ActiveState", "SubState", "Result", "StatusText", "NRestarts"];

describe.skipIf(whyNot !== undefined)("the unit, run by systemd as the first process", () => {
  let sandbox: Sandbox;
  let systemd: BootedSystemd;
  let port: number;
  beforeEach(async () => {
    sandbox = new Sandbox();
    chmodSync(sandbox.folder, 0o755);
    port = await freePort();
    const units = makeFolder(sandbox.path("units"));
    for (const name of targets)
      writeFileSync(join(units, name), "[Unit]\nDescription=Nothing\nDefaultDependencies=no\n");
    cpSync(join(repository, "packaging", `${unit}.service`), join(units, `${unit}.service`));
    for (const part of ["bin", "dist", "package.json", "node_modules/commander"])
      cpSync(join(repository, part), sandbox.path("program", part), { recursive: true });
    for (const part of koffi)
      cpSync(join(repository, part), sandbox.path("program", part), { recursive: true, dereference: true });
    makeFolder(sandbox.path("etc"));
    makeFolder(sandbox.path("out"));
    chmodSync(sandbox.path("out"), 0o777);
  });
  afterEach(async () => {
    await systemd.remove();
    await sandbox.remove();
  });

  function caddyfile(replicas: number, site: string): void {
    sandbox.write(
      "etc/Caddyfile",
      `{
        admin off
        auto_https off
        supervisor {
          sleep 86400 {
            replicas ${replicas}
          }
        }
      }
      http://localhost:${port} {
        ${site}
      }`,
    );
  }

  /** @param settings lines for the `[Service]` section, which win */
  async function boot(settings = ""): Promise<void> {
    makeFolder(sandbox.path(`units/${unit}.service.d`));
    sandbox.write(`units/${unit}.service.d/test.conf`, `[Service]\n${settings}\n`);
    systemd = await BootedSystemd.boot({
      units: sandbox.path("units"),
      program: sandbox.path("program"),
      etc: sandbox.path("etc"),
    });
  }

  const answer = async () => (await fetch(`http://localhost:${port}`)).text();
  const start = () => systemd.systemctl("start", unit);

  it("starts, reloads, survives a reload that fails, and stops, with nothing left", async () => {
    caddyfile(2, "respond one");
    await boot();
    expect(await start()).toEqual({ code: 0, output: "" });
    expect(await answer()).toBe("one");
    expect(await systemd.show(unit, ...standing)).toEqual({
      ActiveState: "active",
      SubState: "running",
      Result: "success",
      StatusText: "2 replicas running, Caddy serving",
      NRestarts: "0",
    });
    caddyfile(3, "respond two");
    expect(await systemd.systemctl("reload", unit)).toEqual({ code: 0, output: "" });
    await status("3 replicas running, Caddy serving");
    expect(await answer()).toBe("two");
    caddyfile(3, "nonsense");
    await systemd.systemctl("reload", unit);
    await status(/^3 replicas running, Caddy serving; reload failed: .*nonsense/);
    expect(await systemd.show(unit, "ActiveState", "SubState")).toEqual({
      ActiveState: "active",
      SubState: "running",
    });
    expect(await systemd.systemctl("stop", unit)).toEqual({ code: 0, output: "" });
    expect(await systemd.show(unit, "ActiveState", "Result", "ExecMainStatus")).toEqual({
      ActiveState: "inactive",
      Result: "success",
      ExecMainStatus: "0",
    });
  });

  it("is given the time that a grace period needs, beyond TimeoutStopSec", async () => {
    sandbox.write("stubborn.mjs", readFileSync(`${programs}/ignore-signals.mjs`));
    sandbox.write(
      "etc/Caddyfile",
      `{
        supervisor {
          node ${sandbox.path("stubborn.mjs")} ${sandbox.path("out/stubborn")} {
            termination_grace_period 3s
          }
        }
      }`,
    );
    await boot("TimeoutStopSec=1s\nPrivateTmp=no");
    await start();
    await fileWritten(sandbox.path("out/stubborn"));
    await systemd.systemctl("stop", unit);
    // systemd's own SIGKILL would be `timeout`.
    expect(await systemd.show(unit, "Result", "ExecMainStatus")).toEqual({
      Result: "success",
      ExecMainStatus: "0",
    });
  });

  it("lives on with a watchdog, and is started again when it hangs", async () => {
    caddyfile(1, "respond one");
    await boot("WatchdogSec=2s\nRestartSec=0");
    await start();
    const { MainPID: first } = await systemd.show(unit, "MainPID");
    // More than it waits for one, on its own clock.
    const { WatchdogTimestampMonotonic: begin = "0" } = await systemd.show(
      unit,
      "WatchdogTimestampMonotonic",
    );
    await until("3 s of signs of life", async () => {
      const { WatchdogTimestampMonotonic: now = "0" } = await systemd.show(
        unit,
        "WatchdogTimestampMonotonic",
      );
      return Number(now) - Number(begin) > 3_000_000;
    });
    expect(await systemd.show(unit, "MainPID", "NRestarts")).toEqual({ MainPID: first, NRestarts: "0" });
    await systemd.systemctl("kill", "--signal=SIGSTOP", "--kill-who=main", unit);
    await until("another life", async () => {
      const { NRestarts, ActiveState } = await systemd.show(unit, "NRestarts", "ActiveState");
      return NRestarts === "1" && ActiveState === "active";
    });
    expect(await answer()).toBe("one");
  });

  it("fails to start with a configuration that cannot run, and is not tried again", async () => {
    caddyfile(1, "nonsense");
    await boot();
    expect((await start()).code).toBe(1);
    expect(await systemd.show(unit, "ActiveState", "Result", "ExecMainStatus", "NRestarts")).toEqual({
      ActiveState: "failed",
      Result: "exit-code",
      ExecMainStatus: "1",
      NRestarts: "0",
    });
  });

  it("needs NotifyAccess=all without koffi", async () => {
    for (const part of koffi) rmSync(sandbox.path("program", part), { recursive: true });
    caddyfile(1, "respond one");
    await boot("TimeoutStartSec=3s\nRestart=no");
    expect((await start()).code).toBe(1);
    expect(await systemd.show(unit, "Result")).toEqual({ Result: "timeout" });
    sandbox.write("etc/more.conf", "[Service]\nNotifyAccess=all\n");
    await systemd.addDropIn(unit, sandbox.path("etc/more.conf"));
    expect(await start()).toEqual({ code: 0, output: "" });
    expect((await systemd.show(unit, "StatusText")).StatusText).toBe("1 replica running, Caddy serving");
  });

  async function status(expected: string | RegExp): Promise<void> {
    let text = "";
    await until(`the status ${expected}`, async () => {
      text = (await systemd.show(unit, "StatusText")).StatusText ?? "";
      return typeof expected === "string" ? text === expected : expected.test(text);
    });
  }
});

/** koffi and the package with its binary, as far as they are installed. */
const koffi = ["node_modules/koffi", "node_modules/@koromix"].filter((part) =>
  existsSync(join(repository, part)),
);
