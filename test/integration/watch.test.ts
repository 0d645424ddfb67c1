import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ProgramRun, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const text = (name: string) => `{\n\tadmin off\n\tsupervisor {\n\t\tsleep 8640${name}\n\t}\n}\n`;
const importing = (what: string) =>
  `{\n\tadmin off\n\tsupervisor {\n\t\tsleep 86400\n\t\timport ${what}\n\t}\n}\n`;

async function running(...args: string[]): Promise<ProgramRun> {
  return sandbox.start(["run", "--watch", ...args]).ready();
}

/** Waits until the process with this command has been started by the count-th reload. */
async function reloaded(run: ProgramRun, count: number, ...command: string[]): Promise<void> {
  await run.waitFor("configuration reloaded", count);
  expect(run.logged("process started").at(-1)?.command).toEqual(command);
}

describe("run --watch", () => {
  it("reloads after a write in place, a rename over it, and a removal", async () => {
    const file = sandbox.write("Caddyfile", text("1"));
    const run = await running();
    sandbox.write("Caddyfile", text("2"));
    await reloaded(run, 1, "sleep", "86402");
    expect(run.logged("config file changed; reloading")[0]).toMatchObject({ logger: "watcher" });
    sandbox.write("new", text("3"));
    renameSync(sandbox.path("new"), file);
    await reloaded(run, 2, "sleep", "86403");
    rmSync(file);
    sandbox.write("other", "not the configuration");
    sandbox.write("Caddyfile", text("4"));
    await reloaded(run, 3, "sleep", "86404");
    expect(run.logged("reload failed: nothing has changed")).toEqual([]);
    expect(await run.stop()).toBe(0);
  });

  it("keeps what runs when the new text is wrong, and watches on", async () => {
    sandbox.write("Caddyfile", text("1"));
    const run = await running();
    sandbox.write("Caddyfile", "{\n\tsupervisor {\n\t\tsleep 1 {\n\t\t\tbogus\n\t\t}\n\t}\n}\n");
    const [failure] = await run.waitFor("reload failed: nothing has changed");
    expect(failure?.error).toContain("bogus");
    sandbox.write("Caddyfile", text("2"));
    await reloaded(run, 1, "sleep", "86402");
    expect(await run.stop()).toBe(0);
  });

  it("watches what is imported, and what a pattern comes to match", async () => {
    mkdirSync(sandbox.path("parts"));
    sandbox.write("one.conf", "sleep 86401\n");
    sandbox.write("Caddyfile", importing("one.conf"));
    const run = await running();
    sandbox.write("one.conf", "sleep 86402\n");
    await reloaded(run, 1, "sleep", "86402");
    sandbox.write("Caddyfile", importing("parts/*.conf"));
    await run.waitFor("configuration reloaded", 2);
    sandbox.write("parts/new.conf", "sleep 86403\n");
    await reloaded(run, 3, "sleep", "86403");
    rmSync(sandbox.path("parts/new.conf"));
    const lines = await run.waitFor("configuration reloaded", 4);
    expect(lines[3]).toMatchObject({ kept: 1, stopped: 1 });
    expect(await run.stop()).toBe(0);
  });

  it("follows links, also when a folder on the way becomes another", async () => {
    for (const [folder, name] of [
      ["first", "1"],
      ["second", "2"],
    ] as const) {
      mkdirSync(sandbox.path(folder));
      writeFileSync(sandbox.path(folder, "Caddyfile"), text(name));
    }
    symlinkSync("first", sandbox.path("current"));
    const run = await running("--config", "current/Caddyfile");
    symlinkSync("second", sandbox.path("next"));
    renameSync(sandbox.path("next"), sandbox.path("current"));
    await reloaded(run, 1, "sleep", "86402");
    sandbox.write("second/Caddyfile", text("3"));
    await reloaded(run, 2, "sleep", "86403");
    expect(await run.stop()).toBe(0);
  });

  it("finds the file again when its folder has been away", async () => {
    mkdirSync(sandbox.path("etc"));
    sandbox.write("etc/Caddyfile", text("1"));
    const run = await running("--config", "etc/Caddyfile");
    rmSync(sandbox.path("etc"), { recursive: true });
    mkdirSync(sandbox.path("etc"));
    sandbox.write("etc/Caddyfile", text("2"));
    await reloaded(run, 1, "sleep", "86402");
    sandbox.write("etc/Caddyfile", text("3"));
    await reloaded(run, 2, "sleep", "86403");
    expect(await run.stop()).toBe(0);
  });

  it("watches a Supervisorfile", async () => {
    sandbox.write("Supervisorfile", "sleep 86401\n");
    const run = await running();
    sandbox.write("Supervisorfile", "sleep 86402\n");
    await reloaded(run, 1, "sleep", "86402");
    expect(await run.stop()).toBe(0);
  });
});
