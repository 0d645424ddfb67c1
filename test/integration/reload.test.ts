import { spawnSync } from "node:child_process";
import { Agent, type ClientRequest, request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileWritten, isAlive, until } from "../support/gates.ts";
import { descendants, freePort, type ProgramRun, programs, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
let adminPort: number;
let sitePort: number;
beforeEach(async () => {
  sandbox = new Sandbox();
  [adminPort, sitePort] = [await freePort(), await freePort()];
});
afterEach(() => sandbox.remove());

const caddyfile = (processes: string, site = 'respond "one"') => {
  sandbox.write(
    "Caddyfile",
    `{
      admin localhost:${adminPort}
      supervisor {
        ${processes}
      }
    }
    http://localhost:${sitePort} {
      ${site}
    }`,
  );
  return sandbox.path("Caddyfile");
};
const pids = (run: ProgramRun) => run.logged("process started").map(({ pid }) => pid as number);
const reload = async (run: ProgramRun, signal: NodeJS.Signals = "SIGHUP") => {
  const before = run.logged("configuration reloaded").length;
  run.signal(signal);
  const lines = await run.waitFor("configuration reloaded", before + 1);
  return lines.at(-1);
};

const agent = new Agent({ keepAlive: true });

function call(
  port: number,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port,
      method,
      path,
      agent,
      headers: { host: `localhost:${port}`, "content-type": "application/json" },
    };
    const sent: ClientRequest = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", (error: NodeJS.ErrnoException) => {
      // A reload of Caddy closes idle connections, whoever asks for it; a client that has used one once asks again (Node's
      // documentation of `request.reusedSocket`, RFC 9110 section 9.2.2).
      if (sent.reusedSocket && error.code === "ECONNRESET") resolve(call(port, method, path, body));
      else reject(error);
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

describe("a signal", () => {
  it.each(["SIGHUP", "SIGUSR1"] as const)(
    "%s: unchanged replicas keep their pid, and each change says why",
    async (signal) => {
      caddyfile("sleep 86401 {\n replicas 2\n}\nsleep 86402 {\n env A 1\n}\nsleep 86403");
      const run = await sandbox.start(["run"]).ready();
      const [first, second, changed, removed] = pids(run);
      caddyfile("sleep 86404\nsleep 86402 {\n env A 2\n}\nsleep 86401 {\n replicas 3\n}");
      expect(await reload(run, signal)).toMatchObject({ kept: 2, restarted: 1, started: 2, stopped: 1 });
      expect([first, second].map((pid) => isAlive(pid ?? 0))).toEqual([true, true]);
      expect([changed, removed].map((pid) => isAlive(pid ?? 0))).toEqual([false, false]);
      expect(
        run.logged("reload changes a replica").filter(({ action }) => action === "restart"),
      ).toMatchObject([{ process: "sleep:0", why: ["env A changed"] }]);
      await run.waitFor("process started", 7);
      expect(await run.stop()).toBe(0);
    },
  );

  it.each([
    [
      "a broken Caddyfile",
      "sleep 86401 {\n replicas x\n}",
      undefined,
      "'replicas' should be a positive integer",
    ],
    [
      "a site that Caddy refuses",
      "sleep 86409",
      "no_such_directive",
      "unrecognized directive: no_such_directive",
    ],
    ["a port that is taken", "sleep 86409", "bind 192.0.2.1", "cannot assign requested address"],
    ["an unknown user", "sleep 86401 {\n user nosuchuser\n}", undefined, "unknown user nosuchuser"],
  ])("with %s changes nothing, and says why", async (_name, processes, site, message) => {
    caddyfile("sleep 86401");
    const run = await sandbox.start(["run"]).ready();
    const [pid] = pids(run);
    caddyfile(processes, site);
    run.signal("SIGHUP");
    const [line] = await run.waitFor("reload failed: nothing has changed");
    expect(line?.error).toContain(message);
    expect(isAlive(pid ?? 0)).toBe(true);
    // What was begun is taken back.
    await until("the additions to be gone", () =>
      pids(run)
        .slice(1)
        .every((added) => !isAlive(added)),
    );
    expect((await call(sitePort, "GET", "/")).text).toBe("one");
    expect(await run.stop()).toBe(0);
  });

  it("does nothing when nothing has changed", async () => {
    caddyfile("sleep 86401");
    const run = await sandbox.start(["run"]).ready();
    run.signal("SIGHUP");
    await run.waitFor("config is unchanged");
    expect(run.logged("process started")).toHaveLength(1);
    await run.stop();
  });

  it("starts Caddy when there is something for it to do, and stops it when there is not", async () => {
    sandbox.write("Caddyfile", `{\n admin localhost:${adminPort}\n supervisor {\n sleep 86401\n }\n}\n`);
    const run = await sandbox.start(["run"]).ready();
    const [pid] = pids(run);
    caddyfile("sleep 86401");
    await reload(run);
    expect((await call(sitePort, "GET", "/")).text).toBe("one");
    sandbox.write("Caddyfile", `{\n admin localhost:${adminPort}\n supervisor {\n sleep 86401\n }\n}\n`);
    await reload(run);
    await expect(call(sitePort, "GET", "/")).rejects.toThrow("ECONNREFUSED");
    caddyfile("sleep 86401", 'respond "again"');
    await reload(run);
    expect((await call(sitePort, "GET", "/")).text).toBe("again");
    expect(isAlive(pid ?? 0)).toBe(true);
    expect(await run.stop()).toBe(0);
  });

  it("takes on other rules without the process noticing", async () => {
    const stubborn = `${process.execPath} ${programs}/ignore-signals.mjs ${sandbox.folder}/gate`;
    caddyfile(`${stubborn} {\n termination_grace_period 1h\n}`);
    const run = await sandbox.start(["run"]).ready();
    caddyfile(`${stubborn} {\n termination_grace_period 100ms\n}`);
    expect(await reload(run)).toMatchObject({ kept: 1, restarted: 0 });
    expect(run.logged("reload changes a replica")).toMatchObject([
      { action: "keep", why: ["termination_grace_period changed"] },
    ]);
    expect(await run.stop()).toBe(0);
  });
});

it("the end in the midst of a reload leaves nothing behind", async () => {
  const stubborn = (round: number) =>
    `${process.execPath} ${programs}/ignore-signals.mjs ${sandbox.folder}/gate {\n env ROUND ${round}\n termination_grace_period 1s\n}`;
  caddyfile(stubborn(1));
  const run = await sandbox.start(["run"]).ready();
  await fileWritten(sandbox.path("gate"));
  caddyfile(`${stubborn(2)}\nsleep 86401`);
  run.signal("SIGHUP");
  await run.waitFor("process started", 2);
  expect(await run.stop()).toBe(0);
  expect(descendants(sandbox)).toEqual([]);
});

describe("the API", () => {
  it("scales live", async () => {
    caddyfile("sleep 86401");
    const run = await sandbox.start(["run"]).ready();
    const [pid] = pids(run);
    const path = "/config/apps/supervisor/supervise/0/replicas";
    expect((await call(adminPort, "POST", path, 3)).status).toBe(200);
    await run.waitFor("process started", 3);
    expect((await call(adminPort, "PATCH", path, 1)).status).toBe(200);
    expect(pids(run).map(isAlive)).toEqual([true, false, false]);
    expect(isAlive(pid ?? 0)).toBe(true);
    expect((await call(adminPort, "GET", path)).text).toBe("1\n");
    // Caddy had nothing to do with it.
    expect(run.stderr.match(/"msg":"load complete/g) ?? []).toEqual([]);
    expect(await run.stop()).toBe(0);
  });

  it("answers a configuration that cannot run with 400, and changes nothing", async () => {
    caddyfile("sleep 86401");
    const run = await sandbox.start(["run"]).ready();
    const { text: before } = await call(adminPort, "GET", "/config/");
    const bad = { apps: { supervisor: { supervise: [{ command: ["sleep", "{{"] }] } } };
    const { status, text } = await call(adminPort, "POST", "/load", bad);
    expect([status, text]).toEqual([400, expect.stringContaining("unclosed action")]);
    expect((await call(adminPort, "GET", "/config/")).text).toBe(before);
    await run.stop();
  });

  it("stock caddy reload works unchanged against us", async () => {
    const path = caddyfile("sleep 86401", 'respond "one"');
    const run = await sandbox.start(["run"]).ready();
    const [pid] = pids(run);
    const adapted = await sandbox.run(["adapt", "--config", path]);
    sandbox.write("two.json", adapted.stdout.replace('"one"', '"two"'));
    const { status, stderr } = spawnSync("caddy", ["reload", "--config", sandbox.path("two.json")], {
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, expect.any(String)]);
    expect((await call(sitePort, "GET", "/")).text).toBe("two");
    expect(isAlive(pid ?? 0)).toBe(true);
    expect(await run.stop()).toBe(0);
  });
});

it("requests survive a reload that changes the site and adds a process", async () => {
  caddyfile("sleep 86401", 'header X-Round 0\n respond "one"');
  const run = await sandbox.start(["run"]).ready();
  const [pid] = pids(run);
  const seen: { ok: number; failed: string[] } = { ok: 0, failed: [] };
  let goesOn = true;
  const clients = Array.from({ length: 8 }, async () => {
    while (goesOn) {
      const answer = await call(sitePort, "GET", "/").catch((error: Error) => ({ text: error.message }));
      if (answer.text === "one") seen.ok++;
      else seen.failed.push(answer.text);
    }
  });
  for (let round = 1; round <= 5; round++) {
    caddyfile(`sleep 86401\nsleep ${86500 + round}`, `header X-Round ${round}\n respond "one"`);
    const before = seen.ok;
    await reload(run);
    await until("more answers", () => seen.ok > before + 20);
  }
  goesOn = false;
  await Promise.all(clients);
  expect(seen.failed).toEqual([]);
  expect(isAlive(pid ?? 0)).toBe(true);
  await run.stop();
}, 60_000);
