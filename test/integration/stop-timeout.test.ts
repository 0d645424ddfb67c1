import { get } from "node:http";
import { createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileWritten } from "../support/gates.ts";
import { descendants, freePort, type Logged, programs, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
/** Takes requests and never answers. */
let silent: Server | undefined;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(async () => {
  silent?.close();
  silent = undefined;
  await sandbox.remove();
});

const stubborn = (grace: string) =>
  `${process.execPath} ${programs}/ignore-signals.mjs ${sandbox.folder}/stubborn {
    termination_grace_period ${grace}
  }`;

/** A site with a request in flight that Caddy would wait for when it is asked to stop. */
async function requestInFlight(processes: string): Promise<{ begin: () => Promise<void> }> {
  const [site, upstream] = [await freePort(), await freePort()];
  const arrived = new Promise<void>((resolve) => {
    silent = createServer(() => resolve()).listen(upstream, "127.0.0.1");
  });
  sandbox.write(
    "Caddyfile",
    `{
      admin off
      auto_https off
      supervisor {
        ${processes}
      }
    }
    http://localhost:${site} {
      reverse_proxy 127.0.0.1:${upstream}
    }`,
  );
  const begin = () => {
    get({ host: "localhost", port: site }).on("error", () => {});
    return arrived;
  };
  return { begin };
}

const overdue = "stop timeout exceeded, killing what is left";
/** What our log tells of Caddy's end: had it been given its own time, that it was exceeded would be there too. */
const caddysEnd = (log: readonly Logged[]) =>
  log
    .filter(({ logger, msg }) => logger === "supervisor.caddy" && /exited|exceeded/.test(msg))
    .map(({ msg, error }) => [msg, error]);
const killed = [["process exited with error", "signal: killed"]];

describe("run --stop-timeout", () => {
  it("kills a process that is left, and keeps the exit code of the reason", async () => {
    sandbox.write("Supervisorfile", stubborn("60s"));
    const run = await sandbox.start(["run", "--stop-timeout", "200ms"]).ready();
    await fileWritten(sandbox.path("stubborn"));
    expect(await run.stop()).toBe(0);
    expect(run.logged(overdue)).toMatchObject([{ level: "warn", stop_timeout: 0.2 }]);
    expect(run.logged("process exited with error").map(({ error }) => error)).toEqual(["signal: killed"]);
    expect(descendants(sandbox)).toEqual([]);
  });

  it("begins with Caddy: it and the processes behind it are killed together", async () => {
    const { begin } = await requestInFlight(stubborn("60s"));
    const run = await sandbox.start(["run", "--stop-timeout", "200ms"]).ready();
    await Promise.all([begin(), fileWritten(sandbox.path("stubborn"))]);
    expect(await run.stop()).toBe(0);
    expect(run.logged(overdue)).toHaveLength(1);
    expect(caddysEnd(run.log)).toEqual(killed);
    expect(descendants(sandbox)).toEqual([]);
  });

  it("says nothing when the stop is over before", async () => {
    sandbox.write("Supervisorfile", "sleep 86400");
    const run = await sandbox.start(["run", "--stop-timeout", "1h"]).ready();
    expect(await run.stop()).toBe(0);
    expect(run.log.filter(({ level }) => level === "warn")).toEqual([]);
  });

  it("is forced all the same by a second SIGINT: exit code 2", async () => {
    const { begin } = await requestInFlight("sleep 86400");
    const run = await sandbox.start(["run", "--stop-timeout", "1h"]).ready();
    await begin();
    run.signal("SIGINT");
    await run.waitFor("shutting down");
    expect(await run.stop("SIGINT")).toBe(2);
    expect(caddysEnd(run.log)).toEqual(killed);
  });
});

const warning =
  "a stop may take 24s (4s for Caddy, then 20s for 'php-fpm --nodaemonize'), longer than --stop-timeout 10s: what is left then is killed";

describe("the warning of a stop that may take longer", () => {
  const site = (processes: string) => `{
      admin off
      supervisor {
        ${processes}
      }
    }
    http://localhost:1 {
    }`;
  const php = "php-fpm --nodaemonize {\n termination_grace_period 20s\n }";

  it("is given by validate, in words and as JSON", async () => {
    sandbox.write("Caddyfile", site(`sleep 1\n ${php}`));
    const inWords = await sandbox.run(["validate", "--stop-timeout", "10s"]);
    expect(inWords).toMatchObject({ code: 0, stdout: "Valid configuration\n" });
    expect(inWords.stderr).toContain(warning);
    const { stdout } = await sandbox.run(["validate", "--stop-timeout", "10s", "--json"]);
    expect(JSON.parse(stdout)).toContainEqual({ severity: "warning", code: "WARNING", message: warning });
    expect((await sandbox.run(["validate", "--stop-timeout", "24s"])).stderr).not.toContain(
      "a stop may take",
    );
    expect((await sandbox.run(["validate"])).stderr).not.toContain("a stop may take");
  });

  it("is given by run at the start and after a reload that makes it slower", async () => {
    const processes = (grace: string) => `sleep 86400 {\n termination_grace_period ${grace}\n }`;
    sandbox.write("Supervisorfile", processes("5s"));
    const run = await sandbox.start(["run", "--stop-timeout", "10s"]).ready();
    sandbox.write("Supervisorfile", processes("20s"));
    run.signal("SIGHUP");
    const text =
      "a stop may take 20s (20s for 'sleep 86400'), longer than --stop-timeout 10s: what is left then is killed";
    expect(await run.waitFor(text)).toHaveLength(1);
    expect(await run.stop()).toBe(0);
    const again = sandbox.start(["run", "--stop-timeout", "10s"]);
    await again.waitFor(text);
    expect(await again.stop()).toBe(0);
  });

  it.each([
    ["soon", 'time: invalid duration "soon"'],
    ["0", "--stop-timeout should be more than 0, '0' given"],
  ])("--stop-timeout %s is an error", async (given, message) => {
    sandbox.write("Supervisorfile", "sleep 1");
    for (const command of ["run", "validate"]) {
      const { code, stderr } = await sandbox.run([command, "--stop-timeout", given]);
      expect(code).toBe(1);
      expect(stderr).toContain(message);
    }
  });
});
