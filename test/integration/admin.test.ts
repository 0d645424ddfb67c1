import { spawnSync } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { processGone, until } from "../support/gates.ts";
import { descendants, freePort, programs, repository, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const caddyfile = (admin: string) => `{\n\tadmin ${admin}\n\tsupervisor {\n\t\tsleep 86400\n\t}\n}\n`;

it("listens on a Unix socket that only we may open, over a stale one, and ends by `caddy stop`", async () => {
  const socket = sandbox.path("admin.sock");
  sandbox.write("Caddyfile", caddyfile(`unix/${socket}`));
  const first = await sandbox.start(["run"]).ready();
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  first.signal("SIGKILL");
  await first.ended;
  expect(existsSync(socket)).toBe(true);
  const next = await sandbox.start(["run"]).ready();
  const { status, stderr } = spawnSync("caddy", ["stop", "--address", `unix/${socket}`], {
    encoding: "utf8",
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(await next.ended).toBe(0);
  expect(existsSync(socket)).toBe(false);
});

it("says that no Caddy runs when there are no sites", async () => {
  const port = await freePort();
  sandbox.write("Caddyfile", caddyfile(`localhost:${port}`));
  const run = await sandbox.start(["run"]).ready();
  const response = await fetch(`http://localhost:${port}/pki/ca/local`);
  expect([response.status, await response.json()]).toEqual([
    503,
    { error: "no Caddy runs: the configuration has no sites" },
  ]);
  expect((await fetch(`http://localhost:${port}/stop`, { method: "POST" })).status).toBe(200);
  expect(await run.ended).toBe(0);
});

it.skipIf(process.getuid?.() !== 0)(
  "serves the whole document, to us and not to another user (needs root, to become one)",
  async () => {
    const port = await freePort();
    sandbox.write("Caddyfile", caddyfile(`localhost:${port}`));
    const run = await sandbox.start(["run"]).ready();
    const url = `http://localhost:${port}/config/`;
    const ask = (uid: number, ...args: string[]) =>
      spawnSync("curl", ["-s", ...args], { uid, gid: uid, encoding: "utf8", cwd: "/" }).stdout;
    expect(JSON.parse(ask(0, url))).toEqual({
      admin: { listen: `localhost:${port}` },
      apps: { supervisor: { supervise: [{ command: ["sleep", "86400"] }] } },
    });
    expect(ask(65_534, url)).toContain('{"error":"user 65534 is not allowed: ');
    expect(ask(65_534, "-X", "POST", `http://localhost:${port}/stop`)).toContain("user 65534 is not allowed");
    expect(run.child.exitCode).toBeNull();
    expect(ask(0, "-X", "POST", `http://localhost:${port}/stop`)).toBe("");
    expect(await run.ended).toBe(0);
  },
);

it("listens on the address that CADDY_ADMIN names, and nowhere with `admin off` or a Supervisorfile", async () => {
  const port = await freePort();
  const env = { CADDY_ADMIN: `localhost:${port}` };
  const reachable = () =>
    fetch(`http://localhost:${port}/config/`).then(
      () => true,
      () => false,
    );
  sandbox.write("Caddyfile", "{\n\tsupervisor {\n\t\tsleep 86400\n\t}\n}\n");
  sandbox.write("off.caddyfile", caddyfile("off"));
  sandbox.write("Supervisorfile", "sleep 86400");
  const found: boolean[] = [];
  for (const config of ["Caddyfile", "off.caddyfile", "Supervisorfile"]) {
    const run = await sandbox.start(["run", "--config", config], { env }).ready();
    found.push(await reachable());
    await run.stop();
  }
  expect(found).toEqual([true, false, false]);
});

it("takes the processes of a program that uses the library along when that program is killed", async () => {
  const script = sandbox.path("program.mjs");
  writeFileSync(
    script,
    `import { App } from ${JSON.stringify(`${repository}/dist/index.js`)};
    const app = new App({ supervise: [{ command: [process.execPath, "${programs}/ignore-signals.mjs", "gate"] }] });
    await app.start();
    app.on("exited", () => {});
    setInterval(() => {}, 1 << 30);`,
  );
  const { spawn } = await import("node:child_process");
  const env = { ...process.env, SANDBOX: sandbox.folder };
  const program = spawn(process.execPath, [script], { cwd: sandbox.folder, env, stdio: "ignore" });
  await until("the process", () => existsSync(sandbox.path("gate")));
  const pids = descendants(sandbox).filter((pid) => pid !== program.pid);
  program.kill("SIGKILL");
  for (const pid of pids) await processGone(pid);
});
