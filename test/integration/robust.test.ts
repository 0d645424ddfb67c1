import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { App } from "../../src/app/app.ts";
import { fileWritten, isAlive, processGone, until } from "../support/gates.ts";
import { httpCall } from "../support/http-call.ts";
import { descendants, freePort, programs, repository, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const report = `${process.execPath} ${programs}/report.mjs`;

describe("--pidfile", () => {
  it("survives a second run that is refused", async () => {
    sandbox.write("Supervisorfile", "sleep 86400");
    const first = sandbox.start(["run", "--pidfile", "our.pid"]);
    await fileWritten(sandbox.path("our.pid"));
    expect((await sandbox.run(["run", "--pidfile", "our.pid"])).code).toBe(1);
    expect(readFileSync(sandbox.path("our.pid"), "utf8")).toBe(`${first.pid}\n`);
    await first.stop();
  });

  it("does not remove a file that we have not written", async () => {
    sandbox.write("Supervisorfile", "sleep 86400 {\n\tuser nosuchuser\n}\n");
    sandbox.write("precious", "mine");
    expect((await sandbox.run(["run", "--pidfile", "precious"])).code).toBe(1);
    expect(readFileSync(sandbox.path("precious"), "utf8")).toBe("mine");
  });

  it("that cannot be written is an error, and nothing is left running", async () => {
    sandbox.write("Supervisorfile", "sleep 86400");
    mkdirSync(sandbox.path("folder"));
    const { code, stderr } = await sandbox.run(["run", "--pidfile", "folder"]);
    expect(stderr).toContain("Error: writing pidfile: open folder: is a directory");
    expect(code).toBe(1);
    expect(descendants(sandbox)).toEqual([]);
  });
});

it("refuses a pingback address before anything is started", async () => {
  sandbox.write("Supervisorfile", `sh -c "touch ${sandbox.folder}/touched"`);
  for (const address of ["foo", "127.0.0.1:99999"]) {
    const { code, stderr } = await sandbox.run(["run", "--pingback", address]);
    expect([code, stderr.split("\n")[0]]).toEqual([1, expect.stringContaining("Error: invalid")]);
  }
  expect(existsSync(sandbox.path("touched"))).toBe(false);
});

it("ends although nobody reads its log", async () => {
  sandbox.write("Supervisorfile", 'sh -c "exit 0" {\n\treplicas 200\n\tredirect_stdout null\n}\n');
  spawnSync("mkfifo", [sandbox.path("pipe")]);
  // The reader holds the pipe open and reads nothing.
  const reader = spawn("sh", ["-c", `exec sleep 86400 < ${sandbox.folder}/pipe`], { stdio: "ignore" });
  const bin = `${repository}/bin/caddy-supervisor.js`;
  const command = `exec ${process.execPath} ${bin} run --pidfile our.pid 2> pipe`;
  const run = spawn("sh", ["-c", command], { cwd: sandbox.folder, stdio: "ignore" });
  const ended = new Promise((resolve) => run.once("exit", resolve));
  const pid = Number(await fileWritten(sandbox.path("our.pid")));
  // Lines fill the pipe within a few seconds of restarts; a full pipe cannot be seen from outside, so fill it.
  spawnSync("sh", ["-c", "head -c 100000 /dev/zero | timeout 1 dd of=pipe oflag=nonblock status=none"], {
    cwd: sandbox.folder,
  });
  process.kill(pid, "SIGTERM");
  expect(await ended).toBe(0);
  reader.kill("SIGKILL");
});

it("tries a log file again that is a pipe without a reader, and is not held up by it", async () => {
  spawnSync("mkfifo", [sandbox.path("pipe")]);
  sandbox.write(
    "Supervisorfile",
    `sleep 86400 {\n redirect_stdout file ${sandbox.folder}/pipe\n}\n${report} {\n env REPORT ${sandbox.folder}/report\n}`,
  );
  const run = sandbox.start(["run"]);
  await fileWritten(sandbox.path("report"));
  const [failure] = await run.waitFor("failed to start process");
  expect(failure?.error).toBe(
    `cannot setup stdout redirection: open ${sandbox.folder}/pipe: no such device or address`,
  );
  const reader = spawn("cat", [sandbox.path("pipe")], { stdio: "ignore" });
  await until("the start", () => run.logged("process started").length === 2);
  expect(await run.stop()).toBe(0);
  reader.kill();
});

it("survives a time without free descriptors", async () => {
  sandbox.write(
    "Supervisorfile",
    `sh -c "read go < ${sandbox.folder}/go; exit 1" {\n redirect_stdout file out.log\n}\n${report} {\n env REPORT ${sandbox.folder}/report\n}`,
  );
  spawnSync("mkfifo", [sandbox.path("go")]);
  const run = sandbox.start(["run"]);
  const { pid } = JSON.parse(await fileWritten(sandbox.path("report")));
  await run.ready();
  const limit = (range: string) => spawnSync("prlimit", ["--pid", String(run.pid), `--nofile=${range}`]);
  limit("3:");
  spawnSync("sh", ["-c", `echo > ${sandbox.folder}/go`]);
  // The third comes 3 s after the exit: by then the search for what it left behind has met the full table, too.
  await run.waitFor("failed to start process", 3);
  limit("1024:");
  await until("the restart", () => run.logged("process started").length >= 3);
  expect([isAlive(run.pid), isAlive(pid)]).toEqual([true, true]);
  expect(await run.stop()).toBe(0);
  expect(descendants(sandbox)).toEqual([]);
});

describe("beside Caddy", () => {
  const caddyfile = (site: number, admin: number) =>
    `{\n\tadmin localhost:${admin}\n\tauto_https off\n\tsupervisor {\n\t\tsleep 86400\n\t}\n}\nhttp://127.0.0.1:${site} {\n\trespond hello\n}\n`;

  async function withCaddy(script: string) {
    const [site, admin] = [await freePort(), await freePort()];
    sandbox.write("Caddyfile", caddyfile(site, admin));
    chmodSync(sandbox.write("my-caddy", `#!/bin/sh\n${script}\n`), 0o755);
    return { run: sandbox.start(["run", "--caddy", "./my-caddy"]), site, admin };
  }

  it("starts Caddy again that served and then ended with 1", async () => {
    const { run, site } = await withCaddy(
      `if [ "$1" != run ] || [ -e again ]; then exec caddy "$@"; fi
touch again
exec 3<&0
caddy "$@" <&3 &
trap 'kill -KILL $!; exit 1' USR1
while :; do wait; done`,
    );
    await run.ready();
    const wrapper = Number(run.log.find(({ logger, pid }) => logger === "supervisor.caddy" && pid)?.pid);
    process.kill(wrapper, "SIGUSR1");
    await processGone(wrapper);
    const answer = () => fetch(`http://127.0.0.1:${site}/`).then((response) => response.text());
    expect(await until("the site", () => answer().catch(() => ""))).toBe("hello");
    expect(await run.stop()).toBe(0);
  });

  it("answers POST /stop also while Caddy hangs at its start", async () => {
    const { run, admin } = await withCaddy('if [ "$1" = run ]; then exec sleep 86400; fi\nexec caddy "$@"');
    await run.waitFor("process started");
    expect((await fetch(`http://localhost:${admin}/stop`, { method: "POST" })).status).toBe(200);
    expect(await run.ended).toBe(0);
    expect(run.log.some(({ msg }) => msg === "serving initial configuration")).toBe(false);
  });

  it("refuses pages of other sites", async () => {
    const { run, admin } = await withCaddy('exec caddy "$@"');
    await run.ready();
    const call = (headers: Record<string, string>) =>
      fetch(`http://localhost:${admin}/config/`, { headers }).then(async ({ status, json }) => [
        status,
        json,
      ]);
    const [status] = await call({ origin: "http://evil.example" });
    expect(status).toBe(403);
    expect((await call({ "sec-fetch-site": "cross-site" }))[0]).toBe(403);
    expect((await call({ origin: `http://localhost:${admin}` }))[0]).toBe(200);
    // A caller that says nothing does not use up what others need.
    const idle: Socket[] = Array.from({ length: 200 }, () =>
      connect(admin, "127.0.0.1").on("error", () => {}),
    );
    await run.stop();
    for (const socket of idle) socket.destroy();
  });
});

describe("the library", () => {
  const sleeper = { command: ["sleep", "86400"] };

  it("starts once, however often it is asked, and stops what a start under way has begun", async () => {
    const app = new App({ supervise: [sleeper] });
    const pids: number[] = [];
    app.on("started", ({ pid }) => pids.push(pid));
    await Promise.all([app.start(), app.start()]);
    await app.stop();
    expect(pids).toHaveLength(1);
    const starting = app.start();
    await app.stop();
    await starting;
    expect(pids.map(isAlive)).toEqual(pids.map(() => false));
  });

  it.each([
    [
      { command: "node x.js" },
      "cannot unmarshal string into Go struct field Definition.supervise.command of type []string",
    ],
    [
      { command: ["a", 5] },
      "cannot unmarshal number into Go struct field Definition.supervise.command of type string",
    ],
    [
      { command: ["a"], replicas: "2" },
      "cannot unmarshal string into Go struct field Definition.supervise.replicas of type int",
    ],
    [{ comand: ["a"] }, 'unknown field "comand"'],
  ])("refuses %j", (definition, message) => {
    const app = new App({ supervise: [definition as never] });
    expect(() => app.provision()).toThrow(message);
  });
});

it("never wakes while there is nothing to do, endpoint and control socket included", async () => {
  const port = await freePort();
  sandbox.write(
    "Caddyfile",
    `{\n admin localhost:${port}\n supervisor {\n sleep 86430 {\n replicas 3\n }\n }\n}`,
  );
  const run = await sandbox.start(["run"]).ready();
  // Somebody has called at both doors, and gone.
  expect((await httpCall(port, { path: "/config/" })).status).toBe(200);
  expect((await sandbox.run(["status"])).code).toBe(0);
  const wakes = () =>
    /^voluntary_ctxt_switches:\s*(\d+)/m.exec(
      readFileSync(`/proc/${run.pid}/task/${run.pid}/status`, "latin1"),
    )?.[1];
  let [before, same] = [wakes(), 0];
  const hasRested = () => {
    const now = wakes();
    same = now === before ? same + 1 : 0;
    before = now;
    return same >= 30;
  };
  await until("three seconds of sleep", hasRested, 100);
  expect(await run.stop()).toBe(0);
});
