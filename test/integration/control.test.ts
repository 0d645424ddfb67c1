import { mkdirSync, readFileSync, renameSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ControlClient } from "../../src/admin/client.ts";
import { toJsonNames } from "../../src/admin/field-names.ts";
import type { LogLine } from "../../src/app/control/log-lines.ts";
import { isAlive, until } from "../support/gates.ts";
import { httpCall } from "../support/http-call.ts";
import { controlSocketOf, freePort, type ProgramRun, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const start = (text: string): Promise<ProgramRun> => {
  sandbox.write("Supervisorfile", text);
  return sandbox.start(["run"]).ready();
};
const ask = (...args: string[]) => sandbox.run(args);
const statusOf = async (...names: string[]) =>
  JSON.parse((await ask("status", "--json", ...names)).stdout) as {
    pid: number;
    processes: Record<string, unknown>[];
  };

describe("status", () => {
  it("tells state, pid, restarts, last exit, next try, and use of processor and memory", async () => {
    const run = await start(`
      sh -c "sleep 86401 & wait" {
        name waiter
        replicas 2
      }
      sh -c "exit 3" {
        name crasher
        backoff {
          initial 1h
            max 1h
        }
      }
      true {
        restart_policy never
      }`);
    await run.waitFor("process will restart");
    await run.waitFor("process exited");
    const { processes } = await statusOf();
    expect(processes).toMatchObject([
      { name: "waiter", replica: 0, state: "ready", restarts: 0, pid: expect.any(Number) },
      { name: "waiter", replica: 1, state: "ready" },
      {
        name: "crasher",
        state: "waiting",
        wait_reason: "backoff",
        last_exit: { exit_code: 3, error: "exit status 3" },
      },
      { name: "true", state: "exited", last_exit: { exit_code: 0 } },
    ]);
    const [waiter, , crasher] = processes;
    expect(crasher?.next_try).toBeGreaterThan(3000);
    // The shell and its child.
    expect(waiter?.memory).toBeGreaterThan(1024 * 1024);
    expect(waiter?.cpu_time).toBeLessThan(10);
    const { code, stdout } = await ask("status");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^caddy-supervisor v\S+ \(pid \d+\) running for .*: Supervisorfile\n/);
    expect(stdout).toMatch(/^waiter:1 +ready +\d+ /m);
    expect(stdout).toMatch(/^crasher:0 +waiting +- +- +\d+ +- +- +3 +in (1h0m|59m\d+s)$/m);
    expect((await ask("status", "waiter")).code).toBe(0);
    expect((await ask("status", "waiter", "crasher")).code).toBe(1);
  });

  it("counts the processor time of the whole session", async () => {
    const burn = "while (process.cpuUsage().user < 4e5); setInterval(() => {}, 1e6)";
    await start(`sh -c "${process.execPath} -e '${burn}'; true" {\n name burner\n}`);
    await until("its processor time", async () => {
      const { processes } = await statusOf();
      return Number(processes[0]?.cpu_time) >= 0.3;
    });
  });
});

describe("finding the instance", () => {
  it("goes by the folder's configuration, --config, --socket, or --address", async () => {
    const port = await freePort();
    sandbox.write("Caddyfile", `{\n admin localhost:${port}\n supervisor {\n sleep 86402\n }\n}`);
    const run = await sandbox.start(["run"]).ready();
    const { pid } = await statusOf();
    expect(pid).toBe(run.pid);
    const elsewhere = { cwd: "/" };
    for (const flags of [
      ["--config", sandbox.path("Caddyfile")],
      ["--socket", await controlSocketOf(run)],
      ["--address", `localhost:${port}`],
      ["--address", `127.0.0.1:${port}`],
    ]) {
      const { code, stdout } = await sandbox.run(["status", "--json", ...flags], elsewhere);
      expect({ flags, code, pid: (JSON.parse(stdout) as { pid: number }).pid }).toEqual({
        flags,
        code: 0,
        pid,
      });
    }
  });

  it("is never another one than that of the folder's configuration", async () => {
    const run = await start("sleep 86419");
    const other = new Sandbox();
    other.write("Supervisorfile", "sleep 1");
    for (const args of [["stop"], ["status"], ["down", "--all"]])
      expect((await other.run(args)).stderr).toMatch(/^Error: nobody runs Supervisorfile\n/);
    await other.remove();
    expect((await statusOf()).pid).toBe(run.pid);
  });

  it("exits with 3 when there is none", async () => {
    sandbox.write("Supervisorfile", "sleep 1");
    for (const args of [
      ["status", "--config", "Supervisorfile"],
      ["stop", "--config", "Supervisorfile"],
      ["reload", "--config", "Supervisorfile"],
      ["restart", "--socket", sandbox.path("nowhere.sock"), "x"],
      ["status", "--address", `localhost:${await freePort()}`],
    ]) {
      const { code, stderr } = await ask(...args);
      expect({ args, code, stderr }).toEqual({
        args,
        code: 3,
        stderr: expect.stringMatching(/^Error: nobody /),
      });
    }
  });
});

describe("up, down, restart and signal", () => {
  it("down stops until up; a reload leaves it down, also when it has changed", async () => {
    const run = await start("sleep 86403 {\n name a\n}\nsleep 86404 {\n name b\n}");
    const [a, b] = (await statusOf()).processes.map(({ pid }) => Number(pid));
    expect(await ask("down", "a")).toMatchObject({ code: 0, stdout: "a:0 down\n" });
    expect([isAlive(a!), isAlive(b!)]).toEqual([false, true]);
    sandbox.write(
      "Supervisorfile",
      "sleep 86403 {\n name a\n env X 1\n}\nsleep 86404 {\n name b\n env X 1\n}",
    );
    run.signal("SIGHUP");
    await run.waitFor("configuration reloaded");
    const states = (await statusOf()).processes.map(({ state }) => state);
    expect(states).toEqual(["idle", "ready"]);
    expect(await ask("up", "--all")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^a:0 running \(pid \d+\)\nb:0 running \(pid \d+\)\n$/),
    });
  });

  it("restart gives new processes, of several replicas one after the other", async () => {
    const run = await start("sleep 86405 {\n name a\n replicas 3\n}");
    const before = (await statusOf()).processes.map(({ pid }) => pid);
    const { code, stdout } = await ask("restart", "a");
    expect({ code, lines: stdout.trim().split("\n").length }).toEqual({ code: 0, lines: 3 });
    const after = (await statusOf()).processes.map(({ pid }) => pid);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    const { stdout: one } = await ask("restart", "--json", "a:1");
    expect(JSON.parse(one)).toMatchObject({ name: "a", replica: 1, result: "running" });
    const events = run.log.filter(
      ({ msg }) => msg === "process exited with error" || msg === "process started",
    );
    // Never two down at the same time.
    expect(events.slice(3, 9).map(({ msg, replica }) => [msg, replica])).toEqual(
      [0, 1, 2].flatMap((replica) => [
        ["process exited with error", replica],
        ["process started", replica],
      ]),
    );
  });

  it("up ends a wait, and says why a process cannot be started", async () => {
    await start(`${sandbox.path("late.sh")} {\n name late\n backoff {\n initial 1h\n max 1h\n }\n}`);
    expect(await ask("up", "late")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("late:0 failed (fork/exec"),
    });
    sandbox.write("late.sh", "#!/bin/sh\nexec sleep 86406\n");
    const { chmodSync } = await import("node:fs");
    chmodSync(sandbox.path("late.sh"), 0o755);
    expect(await ask("up", "late")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("late:0 running"),
    });
  });

  it("signal reaches the process itself and not its children", async () => {
    const child = `trap "echo child >> ${sandbox.path("heard")}" USR1; while :; do sleep 0.1; done`;
    sandbox.write("child.sh", child);
    sandbox.write(
      "parent.sh",
      `sh child.sh & trap "echo parent >> heard" USR1; touch up; while :; do wait; done`,
    );
    await start(`sh parent.sh {\n name p\n termination_grace_period 100ms\n}`);
    await until("it to run", () => readIfThere(sandbox.path("up")) !== undefined);
    expect(await ask("signal", "USR1", "p")).toMatchObject({ code: 0 });
    await until("it to be heard", () => readIfThere(sandbox.path("heard")));
    expect(await ask("signal", "SIGUSR1", "p:0")).toMatchObject({ code: 0 });
    await until("it to be heard", () => readIfThere(sandbox.path("heard"))?.split("\n").length === 3);
    expect(readIfThere(sandbox.path("heard"))).toBe("parent\nparent\n");
    await ask("down", "p");
    expect(await ask("signal", "USR1", "p")).toMatchObject({
      code: 1,
      stdout: "p:0 failed (it is not running)\n",
    });
    expect(await ask("signal", "NOSUCH", "p")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Error: unknown signal 'NOSUCH'\nHint: write it as/),
    });
  });

  it("refuses names that are none, and no name at all", async () => {
    await start("sleep 86407 {\n name worker\n replicas 2\n}");
    const wrong = await ask("restart", "workr");
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      "Error: no process is called 'workr'\nHint: did you mean 'worker'?\n",
    ]);
    expect((await ask("down", "worker:2")).stderr).toContain("it has 2 replicas: worker:0 to worker:1");
    expect((await ask("up")).stderr).toContain("Error: up needs the names of processes, or --all\n");
    expect((await ask("scale", "worker")).stderr).toContain("write it as: caddy-supervisor scale worker=5");
    expect((await ask("signal", "USR1")).stderr).toContain(
      "write it as: caddy-supervisor signal USR1 worker",
    );
  });
});

describe("scale, plan and reload", () => {
  it("scale starts and stops the difference, and the configuration says so", async () => {
    const port = await freePort();
    sandbox.write("Caddyfile", `{\n admin localhost:${port}\n supervisor {\n sleep 86408\n }\n}`);
    await sandbox.start(["run"]).ready();
    const [first] = (await statusOf()).processes;
    const { code, stdout } = await ask("scale", "sleep=3");
    expect([code, stdout]).toEqual([
      0,
      "+ sleep:1: start (replicas raised)\n+ sleep:2: start (replicas raised)\n1 kept, 0 restarted, 2 started, 0 stopped; no Caddy is needed\n",
    ]);
    expect((await statusOf()).processes[0]?.pid).toBe(first?.pid);
    const path = "/config/apps/supervisor/supervise/0/replicas";
    expect((await httpCall(port, { path })).body).toBe("3\n");
    expect((await ask("scale", "sleep=0")).code).toBe(0);
    expect((await statusOf()).processes).toEqual([]);
    expect((await ask("scale", "sleep=1")).code).toBe(0);
    expect((await ask("scale", "slep=1")).stderr).toContain("no process is called 'slep'");
    expect((await ask("scale", "sleep:0=2")).stderr).toContain(
      "all replicas of a process are counted: sleep=2",
    );
  });

  it("plan and reload --dry-run change nothing; reload does what they told", async () => {
    await start("sleep 86409 {\n name a\n}\nsleep 86410 {\n name b\n}");
    const before = (await statusOf()).processes.map(({ pid }) => pid);
    sandbox.write("Supervisorfile", "sleep 86409 {\n name a\n env KEY secret\n}\nsleep 86411 {\n name c\n}");
    const changes = "~ a:0: restart (env KEY added)\n+ c:0: start (added)\n- b:0: stop (removed)\n";
    for (const args of [["plan"], ["reload", "--dry-run"]]) {
      expect(await ask(...args)).toMatchObject({
        code: 0,
        stdout: `${changes}Plan: keep 0, restart 1, start 1, stop 1; no Caddy is needed\n`,
      });
    }
    expect((await statusOf()).processes.map(({ pid }) => pid)).toEqual(before);
    expect(await ask("reload")).toMatchObject({
      code: 0,
      stdout: `${changes}0 kept, 1 restarted, 1 started, 1 stopped; no Caddy is needed\n`,
    });
    expect(await ask("reload")).toMatchObject({ code: 0, stdout: "config is unchanged\n" });
    sandbox.write("Supervisorfile", "sleep 1 {\n user nosuchuser\n}");
    expect(await ask("plan")).toMatchObject({ code: 1, stderr: expect.stringContaining("nosuchuser") });
    expect(await ask("reload")).toMatchObject({ code: 1, stderr: expect.stringContaining("nosuchuser") });
    expect((await statusOf()).processes.map(({ name }) => name)).toEqual(["a", "c"]);
  });

  it("works with `admin off`, and opens and closes the endpoint by a reload", async () => {
    const port = await freePort();
    const write = (admin: string) =>
      sandbox.write("Caddyfile", `{\n admin ${admin}\n supervisor {\n sleep 86412\n }\n}`);
    const listens = () =>
      httpCall(port, { path: "/config/" }).then(
        ({ status }) => status,
        () => 0,
      );
    write("off");
    await sandbox.start(["run"]).ready();
    write(`localhost:${port}`);
    expect(await listens()).toBe(0);
    expect((await ask("reload")).code).toBe(0);
    expect(await listens()).toBe(200);
    write("off");
    expect((await ask("reload")).code).toBe(0);
    await until("the endpoint to be closed", async () => (await listens()) === 0);
    expect((await ask("status")).code).toBe(0);
  });

  it("reload and stop reach a stock Caddy too, as Caddy's own commands do", async () => {
    const [admin, site] = [await freePort(), await freePort()];
    const write = (word: string) =>
      sandbox.write(
        "Caddyfile",
        `{\n admin localhost:${admin}\n}\nhttp://localhost:${site} {\n respond "${word}"\n}`,
      );
    write("one");
    const { spawn } = await import("node:child_process");
    const caddy = spawn("caddy", ["run"], { cwd: sandbox.folder, stdio: "ignore" });
    const ended = new Promise((resolve) => caddy.once("exit", resolve));
    const answer = () =>
      httpCall(site, { path: "/" }).then(
        ({ body }) => body,
        () => "",
      );
    await until("Caddy", async () => (await answer()) === "one");
    write("two");
    expect((await ask("reload")).code).toBe(0);
    expect(await answer()).toBe("two");
    expect((await ask("reload", "--address", `localhost:${admin}`, "--force")).code).toBe(0);
    expect((await ask("plan")).code).toBe(1);
    expect((await ask("stop", "--address", `localhost:${admin}`)).code).toBe(0);
    expect(await ended).toBe(0);
  });
});

describe("stop", () => {
  it("returns when everything is gone", async () => {
    const run = await start(
      `sh -c \`trap "sleep 0.3; exit" TERM INT; while :; do sleep 0.05; done\` {\n name slow\n}`,
    );
    const [{ pid } = { pid: 0 }] = (await statusOf()).processes;
    expect((await ask("stop")).code).toBe(0);
    expect(isAlive(Number(pid))).toBe(false);
    expect(await run.ended).toBe(0);
    expect((await ask("stop")).code).toBe(3);
  });

  it("never ends another instance in the place of the folder's own", async () => {
    const run = await start("sleep 86419");
    mkdirSync(sandbox.path("idle"));
    sandbox.write("idle/Supervisorfile", "sleep 1\n");
    expect(await sandbox.run(["stop"], { cwd: sandbox.path("idle") })).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(
        /^Error: nobody runs Supervisorfile\nHint: of what runs elsewhere, say which/,
      ),
    });
    expect((await statusOf()).pid).toBe(run.pid);
  });

  it("is answered meanwhile: status says stopping, why says what for, and nothing is begun", async () => {
    const run = await start(
      `sh -c \`trap "" TERM INT; touch up; while :; do sleep 0.05; done\` {\n name deaf\n termination_grace_period 5m\n}`,
    );
    await until("it to run", () => readIfThere(sandbox.path("up")) !== undefined);
    run.signal("SIGTERM");
    await until("it to be stopping", async () => (await ask("status")).stdout.includes(") stopping for "));
    expect(await ask("why")).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /^deaf:0 is still stopping: asked by SIGINT .* ago, it has not ended; SIGKILL follows within (5m0s|4m\d+s)\n/,
      ),
    });
    for (const args of [["up", "deaf"], ["restart", "deaf"], ["scale", "deaf=2"], ["reload"], ["plan"]])
      expect(await ask(...args)).toMatchObject({ code: 1, stderr: "Error: shutting down\n" });
    run.signal("SIGQUIT");
    expect(await run.ended).toBe(2);
  });
});

describe("why", () => {
  it("explains each state", async () => {
    const run = await start(`
      sleep 86413
      sh -c "exit 3" {
        name crasher
        backoff {
          initial 1h
            max 1h
        }
      }
      sh -c "exit 4" {
        name limited
        restart_limit 0 within 1h
      }
      sh -c "exit 0" {
        name once
        restart_policy on_failure
      }
      ${sandbox.path("missing")} {
        name missing
        backoff {
          initial 1h
            max 1h
        }
      }`);
    await until("the crashes", () => run.logged("process crashed").length >= 3);
    await ask("down", "sleep");
    const { code, stdout } = await ask("why");
    expect(code).toBe(1);
    const lines = stdout.split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "sleep:0 is not running: it was stopped, and stays down until it is asked up",
        expect.stringMatching(
          /^crasher:0 is waiting: it is started again in .* \(back-off after a crash\); 'up' starts it now$/,
        ),
        expect.stringMatching(/^ {2}its last run ended after .*s: exit status 3/),
        "limited:0 is not running: it was given up on (more than 0 restarts within 3600s); 'up' starts it again",
        "once:0 is not running: it has ended, and restart_policy on_failure wants no other run",
        expect.stringMatching(/^ {2}its last start failed: fork\/exec .*missing: no such file or directory/),
      ]),
    );
    expect((await ask("status", "missing")).stdout).toMatch(/^missing:0 +\w+ .* not started +\S/m);
    expect(await ask("up", "sleep")).toMatchObject({ code: 0 });
    expect(await ask("why", "sleep")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^sleep:0 is running \(pid \d+\) for /),
    });
  });
});

describe("logs", () => {
  it("shows the end of files and of what became log records, and goes on", async () => {
    const run = await start(
      `
      sh numbered.sh file {
        name file
        redirect_stdout file out.log
        redirect_stderr null
      }
      sh numbered.sh log {
        name log
        redirect_stdout log
      }`.replaceAll("numbered.sh", sandbox.write("numbered.sh", script)),
    );
    await until("the lines", () => readIfThere(sandbox.path("out.log"))?.includes("file 3\n"));
    await until("the records", () => run.logged("log 3").length === 1);
    expect(await ask("logs", "-n", "2", "file")).toMatchObject({
      code: 0,
      stdout: "file 2\nfile 3\n",
      stderr: "file:0 stderr is thrown away (null)\n",
    });
    const all = await ask("logs", "-n", "1");
    expect(all.stdout).toBe("file:0 | file 3\nlog:0 | log 3\n");
    expect(all.stderr).toMatch(/^log:0 stderr goes to our own stderr\nHint: look where `run` writes .*\n$/m);
    const socketPath = await controlSocketOf(run);
    const client = new ControlClient({ socketPath });
    const seen: LogLine[] = [];
    const reading = (async () => {
      for await (const line of client.logs({ lines: 1, follow: true })) seen.push(line);
    })();
    const saw = (text: string) => until(text, () => seen.some(({ line }) => line === text));
    await saw("log 3");
    await ask("signal", "USR1", "--all");
    await Promise.all([saw("file more 1"), saw("log more 1")]);
    // Rotated from outside: the process goes on in the renamed file, which is still read to its end, then the new one.
    renameSync(sandbox.path("out.log"), sandbox.path("out.log.1"));
    await ask("restart", "file");
    await saw("file 1");
    expect(await run.stop()).toBe(0);
    await reading;
    expect(
      seen.filter(({ name, line }) => name === "log" && line !== undefined).map(({ line }) => line),
    ).toEqual(["log 3", "log more 1"]);
  });
});

const script = `trap 'n=$((n + 1)); echo "$1 more $n"' USR1
echo "$1 1"; echo "$1 2"; echo "$1 3"
while :; do sleep 0.05; done
`;

describe("events", () => {
  it("tells what has happened, and what happens", async () => {
    const run = await start("sleep 86414");
    const first = await ask("events", "--json");
    const told = first.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told).toMatchObject([
      { id: 1, event: "started", name: "sleep", replica: 0, life: 1 },
      { id: 2, event: "ready", name: "sleep", replica: 0 },
      { id: 3, event: "serving" },
    ]);
    const follower = sandbox.start(["events", "--follow", "-n", "2"]);
    await until("the last event", () => follower.stdout.includes(" sleep:0 ready "));
    await ask("restart", "sleep");
    await until("the end and the new start", () =>
      [" exited ", " stopped ", " started "].every((word) => follower.stdout.includes(` sleep:0${word}`)),
    );
    sandbox.write("Supervisorfile", "sleep 86414 {\n user nosuchuser\n}");
    run.signal("SIGHUP");
    await until("the failed reload", () => /Z reload_failed error=".*nosuchuser/.test(follower.stdout));
    await run.stop();
    expect(await follower.ended).toBe(0);
    expect(follower.stdout).toMatch(/Z stopping by="SIGTERM"\n/);
  });

  it("tells times in seconds", async () => {
    const run = await start(`sh -c "exit 3" {\n name crasher\n backoff {\n initial 1h\n max 1h\n }\n}`);
    // At once after the first crash, then by the back-off.
    await run.waitFor("process will restart", 2);
    const { stdout } = await ask("events", "--json", "-n", "20");
    const told = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told.findLast(({ event }) => event === "restarting")).toMatchObject({
      wait: 3600,
      reason: "backoff",
    });
    expect(told.findLast(({ event }) => event === "crashed")).toMatchObject({ next_try: 3600 });
    expect(Number(told.find(({ event }) => event === "exited")?.duration)).toBeLessThan(20);
  });
});

describe("the routes below /supervisor/", () => {
  it("answer as docs/reference/openapi.json says, over TCP too", async () => {
    const port = await freePort();
    sandbox.write(
      "Caddyfile",
      `{\n admin localhost:${port}\n supervisor {\n sleep 86415 {\n redirect_stdout log\n }\n sh -c "exit 3" {\n name crasher\n backoff {\n initial 1h\n max 1h\n }\n }\n }\n}`,
    );
    const run = await sandbox.start(["run"]).ready();
    await run.waitFor("process will restart");
    const api = JSON.parse((await httpCall(port, { path: "/supervisor/openapi.json" })).body) as Api;
    expect(api).toEqual(JSON.parse(readFileSync("docs/reference/openapi.json", "utf8")));
    const bodies: Record<string, object> = {
      "/supervisor/signal": { targets: ["sleep"], signal: "CONT" },
      "/supervisor/scale": { name: "sleep", replicas: 2 },
      "/supervisor/plan": {},
      "/supervisor/reload": { admin: { listen: `localhost:${port}` } },
    };
    const ajv = new Ajv2020({ strict: false });
    for (const [path, item] of Object.entries(api.paths)) {
      const [[method = "", operation] = []] = Object.entries(item);
      const [type = "", { schema }] = Object.entries(operation!.responses["200"].content)[0]!;
      const body = method === "post" ? JSON.stringify(bodies[path] ?? { targets: ["*"] }) : undefined;
      const answer = await httpCall(port, { method: method.toUpperCase(), path, ...(body ? { body } : {}) });
      const parts = type.endsWith("ndjson") ? answer.body.trim().split("\n") : [answer.body];
      const check = ajv.compile(schema);
      for (const part of parts.filter((text) => text !== "")) {
        const value = JSON.parse(part) as unknown;
        const isRight = check(value);
        expect({ path, status: answer.status, isRight, errors: check.errors }).toEqual({
          path,
          status: 200,
          isRight: true,
          errors: null,
        });
      }
      const other = await httpCall(port, { method: method === "get" ? "POST" : "GET", path });
      expect({ path, status: other.status }).toEqual({ path, status: 405 });
    }
  });

  it.each([
    ["POST", "/supervisor/up", "{", 400, "the body is no JSON"],
    ["POST", "/supervisor/up", "[]", 400, "the body must be a JSON object"],
    ["POST", "/supervisor/up", "{}", 400, "the body must name processes"],
    ["POST", "/supervisor/up", '{"targets":[]}', 400, "the body must name processes"],
    ["POST", "/supervisor/up", '{"targets":["nosuch"]}', 404, "no process is called 'nosuch'"],
    ["POST", "/supervisor/signal", '{"targets":["*"]}', 400, "must have a text"],
    ["POST", "/supervisor/scale", '{"name":"sleep","replicas":-1}', 400, "at least 0"],
    ["POST", "/supervisor/scale", '{"name":"sleep","replicas":1e99}', 400, "at least 0"],
    ["POST", "/supervisor/reload", '{"apps":{"supervisor":{"supervise":[{}]}}}', 400, "command"],
    ["GET", "/supervisor/status?target=x%00y", "", 404, "no process is called"],
    ["GET", "/supervisor/status?name=x", "", 400, "unknown parameter 'name'; known: target"],
    ["GET", "/supervisor/logs?lines=-1", "", 400, "must be a number from 0 to 100000"],
    ["GET", "/supervisor/logs?follow=1", "", 400, "must be true or false"],
    ["GET", "/supervisor/nosuch", "", 404, "below /supervisor/ there are status, why, up"],
  ] as const)("%s %s %s is refused with %i", async (method, path, body, status, error) => {
    const run = await start("sleep 86416");
    const answer = await httpCall(await controlSocketOf(run), { method, path, body });
    expect(answer).toMatchObject({ status, body: expect.stringContaining(error) });
    expect(JSON.parse(answer.body)).toHaveProperty("error");
  });

  it("/metrics tells of our replicas, and what Caddy tells", async () => {
    const [port, site] = [await freePort(), await freePort()];
    sandbox.write(
      "Caddyfile",
      `{\n admin localhost:${port}\n supervisor {\n sleep 86417 {\n replicas 2\n }\n }\n}\nhttp://localhost:${site} {\n respond ok\n}`,
    );
    await sandbox.start(["run"]).ready();
    const { status, headers, body } = await httpCall(port, { path: "/metrics" });
    expect([status, headers["content-type"]]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
    expect(body).toContain('caddy_supervisor_replica_up{process="sleep",replica="1"} 1\n');
    expect(body).toContain("go_goroutines");
    const families = [...body.matchAll(/^# TYPE (\S+)/gm)].map(([, family]) => family);
    expect(new Set(families).size).toBe(families.length);
    // A Caddy that does not answer is no reason to say nothing.
    const { caddy } = JSON.parse((await ask("status", "--json")).stdout) as { caddy: { pid: number } };
    process.kill(caddy.pid, "SIGSTOP");
    const alone = await httpCall(port, { path: "/metrics" });
    process.kill(caddy.pid, "SIGCONT");
    expect(alone.body).toContain("caddy_supervisor_replica_up");
    expect(alone.body).not.toContain("go_goroutines");
    await ask("down", "sleep:1");
    const after = await httpCall(port, { path: "/metrics" });
    expect(after.body).toContain('caddy_supervisor_replica_up{process="sleep",replica="1"} 0\n');
  });
});

it("the client reads what the JSON says, in our own names", async () => {
  const run = await start("sleep 86418");
  const client = new ControlClient({ socketPath: await controlSocketOf(run) });
  const status = await client.status(["sleep:0"]);
  expect(status.processes[0]).toMatchObject({ state: "ready", inState: expect.any(Number) });
  expect(toJsonNames(status)).toHaveProperty("processes");
  await expect(client.up(["nosuch"])).rejects.toMatchObject({ code: "REFUSED" });
  await client.stop();
  await client.ended();
  await expect(client.status()).rejects.toMatchObject({ code: "NO_INSTANCE", exitCode: 3 });
  expect(await run.ended).toBe(0);
});

interface Api {
  readonly paths: Record<
    string,
    Record<string, { responses: { "200": { content: Record<string, { schema: object }> } } }>
  >;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
