import { readFileSync, rmSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fileWritten, isAlive } from "../support/gates.ts";
import { freePort, type ProgramRun, programs, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
let admin: number;
beforeEach(async () => {
  sandbox = new Sandbox();
  admin = await freePort();
});
afterEach(() => sandbox.remove());

const report = `${process.execPath} ${programs}/report.mjs`;

/** One that inherits everything, and three that do not notice: it is kept away, replaced, or replaced by a file. */
function caddyfile(): void {
  sandbox.write("own.env", "SECRET=own\n");
  sandbox.write(
    "Caddyfile",
    `{
      admin localhost:${admin}
      supervisor {
        ${report} inherits {
          env REPORT ${sandbox.folder}/inherits
        }
        ${report} cleared {
          env REPORT ${sandbox.folder}/cleared
          clear_env PATH
        }
        ${report} replaces {
          env REPORT ${sandbox.folder}/replaces
          env SECRET mine
        }
        ${report} reads {
          env REPORT ${sandbox.folder}/reads
          env_file own.env
        }
      }
    }`,
  );
}

async function reportOf(name: string): Promise<{ pid: number; env: NodeJS.ProcessEnv }> {
  return JSON.parse(await fileWritten(sandbox.path(name)));
}

const plans = (run: ProgramRun) =>
  run.logged("reload changes a replica").map(({ action, why }) => ({ action, why }));

it("restarts what inherits a variable that has changed, says which, and leaves the others alone", async () => {
  caddyfile();
  sandbox.write("our.env", "SECRET=first\nGONE=1\n");
  const run = await sandbox.start(["run", "--envfile", "our.env"]).ready();
  const names = ["inherits", "cleared", "replaces", "reads"];
  const before = await Promise.all(names.map(reportOf));
  expect(before.map(({ env }) => env.SECRET)).toEqual(["first", undefined, "mine", "own"]);

  rmSync(sandbox.path("inherits"));
  sandbox.write("our.env", "SECRET=second\nGONE=1\n");
  run.signal("SIGHUP");
  const [counts] = await run.waitFor("configuration reloaded");
  expect(counts).toMatchObject({ kept: 3, restarted: 1, started: 0, stopped: 0 });
  expect(plans(run)).toEqual([{ action: "restart", why: ["environment variable SECRET changed"] }]);
  expect((await reportOf("inherits")).env.SECRET).toBe("second");
  expect(before.map(({ pid }) => isAlive(pid))).toEqual([false, true, true, true]);
  expect(run.stderr).not.toMatch(/first|second/);

  // The same again is no change.
  run.signal("SIGHUP");
  await run.waitFor("config is unchanged");
  expect(await run.stop()).toBe(0);
});

it("keeps the environment of the last reload when the configuration is changed over the API", async () => {
  sandbox.write("our.env", "SECRET=first\n");
  sandbox.write(
    "Caddyfile",
    `{\n\tadmin localhost:${admin}\n\tsupervisor {\n\t\t${report} {\n\t\t\tenv REPORT "${sandbox.folder}/{{.Replica}}-{{env \`SECRET\`}}"\n\t\t}\n\t}\n}`,
  );
  const run = await sandbox.start(["run", "--envfile", "our.env"]).ready();
  await reportOf("0-first");
  sandbox.write("our.env", "SECRET=second\n");
  run.signal("SIGHUP");
  await run.waitFor("configuration reloaded");
  const { pid } = await reportOf("0-second");
  const { status } = await fetch(`http://localhost:${admin}/config/apps/supervisor/supervise/0/replicas`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "2",
  });
  expect(status).toBe(200);
  expect((await reportOf("1-second")).env.SECRET).toBe("second");
  expect([isAlive(pid), readFileSync(sandbox.path("0-second"), "utf8").includes(String(pid))]).toEqual([
    true,
    true,
  ]);
  expect(await run.stop()).toBe(0);
});

it("goes on with the old one when the new one does not load", async () => {
  caddyfile();
  sandbox.write("our.env", "SECRET=first\n");
  const run = await sandbox.start(["run", "--envfile", "our.env"]).ready();
  const { pid } = await reportOf("inherits");
  sandbox.write("our.env", "this is no line of an env file\n");
  run.signal("SIGHUP");
  await run.waitFor("reload failed: nothing has changed");
  expect(isAlive(pid)).toBe(true);
  expect(await run.stop()).toBe(0);
});
