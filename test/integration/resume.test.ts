import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fileWritten, until } from "../support/gates.ts";
import { freePort, type ProgramRun, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
let admin: number;
let site: number;
beforeEach(async () => {
  sandbox = new Sandbox();
  [admin, site] = [await freePort(), await freePort()];
});
afterEach(() => sandbox.remove());

const saved = "autosaved config (load with --resume flag)";
const autosave = () => sandbox.path("config", "caddy", "autosave.json");
const document = () => JSON.parse(readFileSync(autosave(), "utf8"));

function caddyfile(more = "", sites = `http://localhost:${site} {\n\trespond {$TEXT:one}\n}\n`): void {
  sandbox.write(
    "Caddyfile",
    `{\n\tadmin localhost:${admin}\n${more}\tsupervisor {\n\t\tsleep 86400\n\t}\n}\n${sites}`,
  );
}

async function change(method: string, path: string, body: unknown): Promise<number> {
  const { status } = await fetch(`http://localhost:${admin}/config/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return status;
}

const pids = (run: ProgramRun) => run.logged("process started").length;

it("saves the whole document where Caddy would, and goes on with it", async () => {
  caddyfile();
  const run = await sandbox.start(["run"]).ready();
  await run.waitFor(saved);
  expect(document()).toMatchObject({
    admin: { listen: `localhost:${admin}` },
    apps: { supervisor: { supervise: [{ command: ["sleep", "86400"] }] }, http: {} },
  });
  // Nothing of what the child alone is given.
  expect(readFileSync(autosave(), "utf8")).not.toContain("caddy.sock");
  expect(statSync(autosave()).mode & 0o777).toBe(0o600);
  expect(await change("POST", "apps/supervisor/supervise/0/replicas", 2)).toBe(200);
  await run.waitFor(saved, 2);
  run.killIfAlive();
  await run.ended;

  const next = await sandbox.start(["run", "--resume"]).ready();
  const [line] = await next.waitFor("resuming from last configuration");
  expect(line).toMatchObject({ level: "info", autosave_file: autosave() });
  await next.waitFor("process started", 2);
  expect(await (await fetch(`http://localhost:${site}`)).text()).toBe("one");
  // What the child saves for itself would have no processes.
  await next.waitFor(saved);
  expect(document().apps.supervisor.supervise[0].replicas).toBe(2);
  expect(await next.stop()).toBe(0);
});

it("prefers what was saved over --config, says so, and reads the file at a reload", async () => {
  caddyfile();
  mkdirSync(sandbox.path("config", "caddy"), { recursive: true });
  const supervise = [{ command: ["sleep", "86401"], replicas: 3 }];
  writeFileSync(
    autosave(),
    JSON.stringify({ admin: { disabled: true }, apps: { supervisor: { supervise } } }),
  );
  const run = await sandbox.start(["run", "--resume", "--config", "Caddyfile"]).ready();
  await run.waitFor(
    "--config and --resume flags were used together; ignoring --config and resuming from last configuration",
  );
  await run.waitFor("process started", 3);
  const second = await sandbox.run(["run", "--config", "Caddyfile"]);
  expect(second.stderr).toContain("already");
  run.signal("SIGHUP");
  const [counts] = await run.waitFor("configuration reloaded");
  expect(counts).toMatchObject({ started: 1, stopped: 3 });
  expect(await run.stop()).toBe(0);
});

it("begins with the file when nothing was saved; a resumed one alone cannot be read again", async () => {
  caddyfile("", "");
  const run = await sandbox.start(["run", "--resume"]).ready();
  await run.waitFor("no autosave file exists");
  await run.waitFor(saved);
  await run.stop();
  const next = await sandbox.start(["run", "--resume"]).ready();
  next.signal("SIGHUP");
  const [failure] = await next.waitFor("reload failed: nothing has changed");
  expect(failure?.error).toContain("there is no configuration file to read again");
  expect(pids(next)).toBe(1);
  await next.stop();
});

it("saves nothing with persist_config off, nor for a Supervisorfile", async () => {
  caddyfile("\tpersist_config off\n", "");
  const run = await sandbox.start(["run"]).ready();
  expect(await change("POST", "apps/supervisor/supervise/0/replicas", 2)).toBe(200);
  expect(await run.stop()).toBe(0);
  expect(run.logged(saved)).toEqual([]);
  sandbox.write("Supervisorfile", "sleep 86400");
  const other = await sandbox.start(["run", "--config", "Supervisorfile"]).ready();
  expect(await other.stop()).toBe(0);
  expect(() => statSync(autosave())).toThrow("ENOENT");
});

it("goes on when it cannot save, and tells it", async () => {
  caddyfile("", "");
  sandbox.write("config", "a file where a folder should be");
  const run = await sandbox.start(["run"]).ready();
  const [failure] = await run.waitFor("unable to autosave config");
  expect(failure).toMatchObject({ level: "error", file: autosave() });
  expect(await run.stop()).toBe(0);
});

it("resumes what stock Caddy has saved", async () => {
  mkdirSync(sandbox.path("config", "caddy"), { recursive: true });
  const routes = [{ handle: [{ handler: "static_response", body: "stock" }] }];
  const http = { servers: { s: { listen: [`:${site}`], routes } } };
  writeFileSync(autosave(), JSON.stringify({ admin: { listen: `localhost:${admin}` }, apps: { http } }));
  const run = await sandbox.start(["run", "--environ", "--resume"]).ready();
  expect(await (await fetch(`http://localhost:${site}`)).text()).toBe("stock");
  await until("Caddy alone", () => pids(run) === 0);
  expect(await run.stop()).toBe(0);
  expect(await fileWritten(autosave())).toContain("stock");
});
