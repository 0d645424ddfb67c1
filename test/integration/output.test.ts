import { spawn, spawnSync } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileWritten, until } from "../support/gates.ts";
import { programs, repository, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const count = `sh ${programs}/count.sh`;
const supervise = (text: string, settings = {}) => {
  sandbox.write("Supervisorfile", text);
  return sandbox.start(["run"], settings);
};
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const read = (name: string) => readFileSync(sandbox.path(name), "utf8");
/** A file and all that was rolled from it, oldest first. */
const rolled = (stem: string) =>
  readdirSync(sandbox.folder)
    .filter((name) => name.startsWith(`${stem}-`))
    .sort()
    .map((name) => readFileSync(sandbox.path(name)))
    .map((bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString())
    .join("") + read(`${stem}.log`);

describe("a file with a block", () => {
  it("has every line of three replicas, whole and in order, across rotation, restarts and stop", async () => {
    const run = supervise(`
      sh -c "n=$(cat $REPLICA.n 2>/dev/null || echo 0); echo $((n + 5000)) > $REPLICA.n; sh ${programs}/count.sh r$REPLICA $n $((n + 5000)); [ $n -ge 10000 ] && echo done > $REPLICA.done && exec sleep 86400; exit 1" {
        replicas 3
        env REPLICA "{{.Replica}}"
        dir ${sandbox.folder}
        redirect_stdout file ${sandbox.folder}/app.log {
          roll_size 20KiB
          roll_keep 0
        }
        backoff {
          initial 1ms
          max 1ms
        }
      }`);
    await Promise.all([0, 1, 2].map((replica) => fileWritten(sandbox.path(`${replica}.done`))));
    expect(await run.stop()).toBe(0);
    const lines = rolled("app").trimEnd().split("\n");
    expect(lines).toHaveLength(45_000);
    for (const replica of [0, 1, 2])
      expect(lines.filter((line) => line.startsWith(`r${replica} `))).toEqual(
        numbers(0, 15_000).map((number) => `r${replica} ${number}`),
      );
  });

  it("keeps the order of two streams with one path", async () => {
    const file = `file ${sandbox.folder}/app.log {\n }`;
    const run = supervise(`${count} x 0 2000 both {
      restart_policy never
      redirect_stdout ${file}
      redirect_stderr ${file}
    }`);
    await run.waitFor("process exited");
    await run.stop();
    expect(read("app.log")).toBe(
      numbers(0, 2000)
        .map((number) => `x ${number}\n`)
        .join(""),
    );
  });

  it("has what a process writes in its grace period, and a last line without an end", async () => {
    const run =
      supervise(`sh -c "trap 'printf bye; exit 0' TERM; echo up; echo up > ${sandbox.folder}/up; while :; do sleep 0.01; done" {
      stop_signal TERM
      redirect_stdout file ${sandbox.folder}/app.log {
      }
    }`);
    await fileWritten(sandbox.path("up"));
    await run.stop();
    expect(read("app.log")).toBe("up\nbye\n");
  });

  it("is opened anew on SIGUSR2", async () => {
    const run =
      supervise(`sh -c "echo one; while [ ! -e go ]; do sleep 0.01; done; echo two; exec sleep 86400" {
      dir ${sandbox.folder}
      redirect_stdout file ${sandbox.folder}/app.log {
      }
    }`);
    await fileWritten(sandbox.path("app.log"));
    renameSync(sandbox.path("app.log"), sandbox.path("app.log.1"));
    run.signal("SIGUSR2");
    await run.waitFor("reopening log files");
    await until("the new file", () => readdirSync(sandbox.folder).includes("app.log"));
    sandbox.write("go", "");
    expect(await fileWritten(sandbox.path("app.log"))).toBe("two\n");
    expect(read("app.log.1")).toBe("one\n");
    await run.stop();
  });

  it("cannot be opened: refused at load, nothing is created", async () => {
    sandbox.write("Supervisorfile", "sleep 1 {\n redirect_stdout file nosuch/app.log {\n }\n}");
    const { code, stderr } = await sandbox.run(["run"]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("no such file or directory, at Supervisorfile:2"),
    ]);
  });
});

describe("redirect_stdout log", () => {
  const lines = (run: ReturnType<typeof supervise>) =>
    run.log.filter(({ logger }) => logger === "supervisor.process");

  it("makes a record of each line, none lost, in order", async () => {
    const run = supervise(`${count} line 0 3000 {
      name counter
      restart_policy never
      redirect_stdout log
    }`);
    const [started] = await run.waitFor("process started");
    await run.waitFor("process exited");
    await run.stop();
    expect(lines(run).map(({ msg }) => msg)).toEqual(numbers(0, 3000).map((number) => `line ${number}`));
    expect(lines(run)[0]).toEqual({
      level: "info",
      ts: expect.any(Number),
      logger: "supervisor.process",
      msg: "line 0",
      process: "counter",
      command: started?.command,
      replica: 0,
      pid: started?.pid,
      stream: "stdout",
    });
  });

  it.each([
    ["with WebAssembly", ""],
    ["without", "--jitless"],
  ])("makes them as fast as it can, %s, of a log that is a file", async (_, NODE_OPTIONS) => {
    const pieces = `for (let n = 0; n < 200; n++) process.stdout.write(("é \\"" + n + "\\" ").repeat(40) + "\\n".repeat(300));`;
    sandbox.write("write.mjs", pieces);
    sandbox.write(
      "Supervisorfile",
      `"${process.execPath}" write.mjs {\n restart_policy never\n redirect_stdout log\n}`,
    );
    const descriptor = openSync(sandbox.path("log"), "a");
    const child = spawn(process.execPath, [`${repository}/bin/caddy-supervisor.js`, "run"], {
      cwd: sandbox.folder,
      env: { ...process.env, NODE_OPTIONS },
      stdio: ["ignore", "ignore", descriptor],
    });
    closeSync(descriptor);
    await until("all of it", () => read("log").includes("process exited"));
    child.kill("SIGTERM");
    await new Promise((resolve) => child.once("exit", resolve));
    const records = read("log")
      .split("\n")
      .filter((line) => line.includes('"logger":"supervisor.process"'))
      .map((line) => JSON.parse(line) as { msg: string });
    const expected = numbers(0, 200).flatMap((n) => [`é "${n}" `.repeat(40), ...Array(299).fill("")]);
    expect(records.map(({ msg }) => msg)).toEqual(expected);
  });

  it("keeps JSON under a key of its own: nobody can pass for us", async () => {
    const forged = '{"level":"fatal","logger":"admin","msg":"hi","pid":1}';
    const run = supervise(`sh -c "echo '${forged.replaceAll('"', '\\"')}'" {
      restart_policy never
      redirect_stdout log {
        level warn
      }
    }`);
    await run.waitFor("process exited");
    await run.stop();
    expect(lines(run)).toMatchObject([
      {
        level: "warn",
        logger: "supervisor.process",
        msg: "hi",
        log: { level: "fatal", logger: "admin", pid: 1 },
      },
    ]);
  });

  it("makes the process wait for a reader that has stalled, and loses nothing", async () => {
    spawnSync("mkfifo", [sandbox.path("pipe")]);
    sandbox.write(
      "Supervisorfile",
      `${count} line 0 30000 {\n restart_policy never\n redirect_stdout log\n}`,
    );
    // Opened for both: nobody reads until we do.
    const held = openSync(sandbox.path("pipe"), "r+");
    const child = spawn(process.execPath, [`${repository}/bin/caddy-supervisor.js`, "run"], {
      cwd: sandbox.folder,
      stdio: ["ignore", "ignore", held],
    });
    let text = "";
    const reader = spawn("cat", [sandbox.path("pipe")], { stdio: ["ignore", "pipe", "ignore"] });
    reader.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    reader.kill("SIGSTOP");
    let written = "";
    let looks = 0;
    await until("the process to wait for its reader", () => {
      const { stdout } = spawnSync("pgrep", ["-f", `${programs}/count.sh line 0 30000`], {
        encoding: "utf8",
      });
      const pid = stdout.split("\n")[0];
      if (!pid) return false;
      const now = /^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1] ?? "";
      looks = now === written && now !== "0" ? looks + 1 : 0;
      written = now;
      return looks > 20;
    });
    expect(Number(written)).toBeLessThan(30_000 * "line 10000\n".length);
    reader.kill("SIGCONT");
    await until("all lines", () => text.includes('"msg":"line 29999"'));
    child.kill("SIGTERM");
    await new Promise((resolve) => child.once("exit", resolve));
    closeSync(held);
    reader.kill();
    const seen = text
      .split("\n")
      .filter((line) => line.includes("supervisor.process"))
      .map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(seen).toEqual(numbers(0, 30_000).map((number) => `line ${number}`));
  });
});

it("a crash shows the last lines, of a plain file too", async () => {
  const run = supervise(`
    sh -c "echo before; echo oops >&2; exit 3" {
      name managed
      redirect_stdout file managed.log {
      }
      redirect_stderr log
      restart_policy never
    }
    sh -c "echo plain; exit 4" {
      redirect_stdout file plain.log
      restart_policy never
    }`);
  const crashes = await run.waitFor("process crashed", 2);
  expect(crashes.find(({ exit_code }) => exit_code === 3)?.last_lines).toEqual(["before", "oops"]);
  expect(crashes.find(({ exit_code }) => exit_code === 4)?.last_lines).toEqual(["plain"]);
  await run.stop();
});

describe("on a terminal", () => {
  const onTerminal = async (...flags: string[]) => {
    sandbox.write(
      "Supervisorfile",
      'sh -c "echo hello; echo oops >&2; exit 0" {\n name web\n restart_policy never\n essential\n replicas 1\n}',
    );
    const command = [process.execPath, `${repository}/bin/caddy-supervisor.js`, "run", ...flags].join(" ");
    const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], {
      cwd: sandbox.folder,
      encoding: "utf8",
    });
    return stdout;
  };

  it("lines are shown with the name of their process, in a colour", async () => {
    const text = await onTerminal();
    expect(text).toMatch(/\x1b\[\d+mweb:0 \|\x1b\[0m hello\r\n/);
    expect(text).toMatch(/\x1b\[\d+mweb:0 \|\x1b\[0m oops\r\n/);
  });

  it("but not with --no-prefix", async () => {
    const text = await onTerminal("--no-prefix");
    expect(text).toMatch(/^hello\r$/m);
    expect(text).not.toContain("web:0");
  });
});
