import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileWritten, until } from "../support/gates.ts";
import { repository, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
  // The users that tests change to must reach what is in it.
  chmodSync(sandbox.folder, 0o777);
  sandbox.copy("test/programs/report.mjs", "report.mjs");
});
afterEach(() => sandbox.remove());

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn("not root: the tests of rights that only root can give are left out");

interface Told {
  readonly pid: number;
  readonly args: string[];
  readonly env: Record<string, string>;
}

/** What a process with these options was started with. */
async function start(options: string, { env = {} }: { env?: NodeJS.ProcessEnv } = {}) {
  const command = `${process.execPath} ${sandbox.folder}/report.mjs`;
  sandbox.write("Supervisorfile", `${command} {\n${options}\nenv REPORT ${sandbox.path("report")}\n}\n`);
  const run = sandbox.start(["run"], { env });
  const told = JSON.parse(await fileWritten(sandbox.path("report"))) as Told;
  const proc = (name: string) => readFileSync(`/proc/${told.pid}/${name}`, "utf8");
  const status = Object.fromEntries(
    proc("status")
      .split("\n")
      .map((line) => line.split(":").map((part) => part.trim().replace(/\s+/g, " "))),
  ) as Record<string, string>;
  const limits = Object.fromEntries(
    proc("limits")
      .split("\n")
      .map((line) => [line.slice(0, 25).trim(), line.slice(25, 68).trim().split(/\s+/)]),
  ) as Record<string, string[]>;
  const stat = proc("stat");
  const niceness = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]);
  return { ...told, run, status, limits, niceness };
}

const noRights = {
  CapInh: "0".repeat(16),
  CapPrm: "0".repeat(16),
  CapEff: "0".repeat(16),
  CapAmb: "0".repeat(16),
};

describe.runIf(isRoot)("rights, as root", () => {
  it("gives everything that is asked for, and nothing else", async () => {
    const { run, status, limits, niceness, env } = await start(`
      user www-data
      umask 0027
      nice -3
      no_new_privileges
      limits {
        nofile 512:1024
        nproc 4000
        core unlimited
        as 64GiB
      }`);
    expect(status).toMatchObject({
      ...noRights,
      Uid: "33 33 33 33",
      Gid: "33 33 33 33",
      Groups: "33",
      NoNewPrivs: "1",
      Umask: "0027",
    });
    expect(niceness).toBe(-3);
    // Node raises its own soft limit to the hard one.
    expect(limits["Max open files"]).toEqual(["1024", "1024"]);
    expect(limits["Max processes"]).toEqual(["4000", "4000"]);
    expect(limits["Max core file size"]).toEqual(["unlimited", "unlimited"]);
    expect(limits["Max address space"]).toEqual([String(64 * 2 ** 30), String(64 * 2 ** 30)]);
    expect(env).toMatchObject({ HOME: "/var/www", USER: "www-data", SHELL: "/usr/sbin/nologin" });
    await run.stop();
  });

  it("keeps the pid: what was started is what runs, as one process", async () => {
    const { run, pid } = await start("user www-data\nnice 2\nlimits {\nnofile 1024\n}");
    expect(run.logged("process started").map((line) => line.pid)).toEqual([pid]);
    await run.stop();
  });

  /** A folder for PATH in which these programs stand before the machine's own. */
  function pathWith(fakes: Readonly<Record<string, string>>): string {
    mkdirSync(sandbox.path("fakes"));
    for (const [name, script] of Object.entries(fakes)) {
      chmodSync(sandbox.write(`fakes/${name}`, `#!/bin/sh\n${script}\n`), 0o755);
    }
    return `${sandbox.path("fakes")}:${process.env.PATH}`;
  }

  it("gives the user its supplementary groups, and never ours", async () => {
    const { run, status } = await start("user www-data", { env: { PATH: pathWith({ id: "echo 33 24 4" }) } });
    expect(status).toMatchObject({ ...noRights, Uid: "33 33 33 33", Groups: "4 24 33" });
    await run.stop();
  });

  it("drops them with a warning where setpriv cannot change users, and drops our rights all the same", async () => {
    const busybox =
      'case "$*" in *reuid*) echo "unrecognized option" >&2; exit 1;; esac; exec /usr/bin/setpriv "$@"';
    const PATH = pathWith({ id: "echo 33 24 4", setpriv: busybox });
    const { run, status } = await start("user www-data\nno_new_privileges\numask 027", { env: { PATH } });
    expect(status).toMatchObject({
      ...noRights,
      Uid: "33 33 33 33",
      Gid: "33 33 33 33",
      Groups: "",
      NoNewPrivs: "1",
    });
    const message = "supplementary groups are dropped: setpriv cannot change users here";
    expect(run.logged(message)).toMatchObject([{ level: "warn", user: "www-data" }]);
    await run.stop();
  });

  it("refuses to run as root what cannot be run as the user", () => {
    sandbox.write("Supervisorfile", "sleep 86400 {\nuser www-data\n}\n");
    const bin = `${repository}/bin/caddy-supervisor.js`;
    const args = ["--bounding-set=-setuid,-setgid", process.execPath, bin, "validate"];
    const { status, stderr } = spawnSync("setpriv", args, { cwd: sandbox.folder, encoding: "utf8" });
    expect(stderr).toContain(
      "Error: user: cannot run as www-data: operation not permitted, at Supervisorfile:2\n",
    );
    expect(status).toBe(1);
  });

  it("takes numbers without an entry, never with our group or groups", async () => {
    const { run, status, env } = await start("user 61234", { env: { USER: "root", SHELL: "/bin/x" } });
    expect(status).toMatchObject({
      ...noRights,
      Uid: "61234 61234 61234 61234",
      Gid: "61234 61234 61234 61234",
      Groups: "61234",
    });
    expect(env.HOME).toBe("/");
    expect([env.USER, env.LOGNAME, env.SHELL]).toEqual([undefined, undefined, undefined]);
    await run.stop();
  });

  it("runs in the group that is asked for", async () => {
    const { run, status } = await start("user nobody\ngroup www-data");
    expect(status).toMatchObject({ Uid: "65534 65534 65534 65534", Gid: "33 33 33 33", Groups: "33" });
    await run.stop();
  });

  it("changes the group alone", async () => {
    const { run, status } = await start("group www-data");
    expect(status).toMatchObject({ Uid: "0 0 0 0", Gid: "33 33 33 33" });
    await run.stop();
  });

  it("never lets the environment choose what code runs before the user is changed, and gives it to the process", async () => {
    mkdirSync(sandbox.path("lib"));
    const preload = sandbox.path("lib/none.so");
    sandbox.write("my.env", `LD_PRELOAD=${preload}\n`);
    const { run, env } = await start(`user www-data
      env_file my.env
      redirect_stderr file ${sandbox.path("err.log")}
      env LD_LIBRARY_PATH ${sandbox.path("lib")}`);
    expect(env.LD_PRELOAD).toBe(preload);
    expect(env.LD_LIBRARY_PATH).toBe(sandbox.path("lib"));
    expect(
      Object.keys(env).filter((name) => /HELD|^(PWD|OLDPWD|SHLVL|_)$/.test(name) && !(name in process.env)),
    ).toEqual([]);
    // The loader complains once for each program that tries: setpriv did not.
    const complaints = readFileSync(sandbox.path("err.log"), "utf8")
      .split("\n")
      .filter((line) => line.includes("LD_PRELOAD"));
    expect(complaints).toHaveLength(1);
    await run.stop();
  });

  it("tells of a script whose interpreter is missing that it did not start", async () => {
    const script = sandbox.write("dos.sh", "#!/bin/sh\r\nexit 0\r\n");
    chmodSync(script, 0o755);
    sandbox.write("Supervisorfile", `${script} {\nuser www-data\n}\n`);
    const run = sandbox.start(["run"]);
    const [failure] = await run.waitFor("failed to start process");
    expect(failure?.error).toBe(
      `fork/exec ${script}: no such file or directory (its interpreter "/bin/sh\\r" is missing)`,
    );
    await run.stop();
  });
});

it.runIf(process.getuid?.() === 0)("another user may open /dev/stderr, which is a pipe to us", async () => {
  sandbox.write(
    "Supervisorfile",
    'sh -c "echo hello > /dev/stderr" {\nuser nobody\nredirect_stderr log\nrestart_policy never\n}\n',
  );
  const run = sandbox.start(["run"]);
  await run.waitFor("hello");
  await run.stop();
});

describe("errors of rights", () => {
  const faults = [
    ["group nosuch", "group: unknown group nosuch, at Supervisorfile:2"],
    ["user nosuch", "user: unknown user nosuch, at Supervisorfile:2"],
    ["clear_env LC_*_X", "'clear_env' should name variables to keep, 'LC_*_X' given, at Supervisorfile:2"],
    [
      "env_file nosuch.env",
      "reading environment file: open $SANDBOX/nosuch.env: no such file or directory, at Supervisorfile:2",
    ],
    ["env_file /tmp", "reading environment file: open /tmp: not a regular file, at Supervisorfile:2"],
    [
      "env_file pipe",
      "reading environment file: open $SANDBOX/pipe: not a regular file, at Supervisorfile:2",
    ],
    [
      "env_file /dev/zero",
      "reading environment file: open /dev/zero: not a regular file, at Supervisorfile:2",
    ],
    [
      "env_file big.env",
      "reading environment file: open $SANDBOX/big.env: larger than 1 MiB, at Supervisorfile:2",
    ],
  ];
  it.each(faults)("%s: run and validate exit 1", async (option, message) => {
    spawnSync("mkfifo", [sandbox.path("pipe")]);
    sandbox.write("big.env", `A=${"x".repeat(1024 * 1024)}`);
    sandbox.write("Supervisorfile", `sleep 86400 {\n${option}\n}\n`);
    for (const command of ["validate", "run"]) {
      const { code, stderr } = await sandbox.run([command]);
      expect(stderr).toContain(message?.replace("$SANDBOX", sandbox.folder));
      expect(code).toBe(1);
    }
  });

  it("says what this machine cannot give, in the tool's words", async () => {
    sandbox.write("Supervisorfile", "sleep 86400 {\nlimits {\nnofile 999999999999\n}\n}\n");
    const { code, stderr } = await sandbox.run(["validate"]);
    expect(stderr).toContain(
      "limits: prlimit: failed to set the NOFILE resource limit: Operation not permitted, at Supervisorfile:2",
    );
    expect(code).toBe(1);
  });

  it("refuses a promise that it has no tool to keep", async () => {
    sandbox.write("Supervisorfile", `${process.execPath} -v {\nno_new_privileges\n}\n`);
    mkdirSync(sandbox.path("empty"));
    const { code, stderr } = await sandbox.run(["run"], { env: { PATH: sandbox.path("empty") } });
    expect(stderr).toContain("no_new_privileges: setpriv is not installed, at Supervisorfile:2");
    expect(code).toBe(1);
  });
});

describe("the environment", () => {
  it("passes on what is kept, then env files, then env", async () => {
    sandbox.write("a.env", "A=a\nB=a\nC=a\n");
    sandbox.write("b-0.env", 'B="b b"\n');
    const { run, env } = await start('env_file a.env "b-{{.Replica}}.env"\nclear_env PATH LC_*\nenv C c', {
      env: { SECRET: "of Caddy", LC_ALL: "C", A: "ours" },
    });
    const { PATH, CADDY_SUPERVISOR_ID, ...rest } = env;
    expect(rest).toEqual({ LC_ALL: "C", A: "a", B: "b b", C: "c", REPORT: sandbox.path("report") });
    expect(PATH).toBe(process.env.PATH);
    expect(CADDY_SUPERVISOR_ID).toMatch(/:0:1$/);
    await run.stop();
  });

  it("reads env files again at each start; a fault makes the start fail, and it is tried again", async () => {
    sandbox.write("my.env", "ROUND=1\n");
    sandbox.write(
      "Supervisorfile",
      `sh -c "echo round $ROUND; rm -f my.env; exit 1" {\nenv_file my.env\n}\n`,
    );
    const run = sandbox.start(["run"]);
    const [failure] = await run.waitFor("failed to start process");
    expect(failure?.error).toBe(
      `reading environment file: open ${sandbox.path("my.env")}: no such file or directory`,
    );
    sandbox.write("my.env", "ROUND=2\n");
    await until("the second round", () => run.stdout.includes("round 2"));
    await run.stop();
  });

  it("shows no value anywhere: not in errors, log, arguments", async () => {
    const secret = "s3cr3t-value";
    sandbox.write("bad.env", `A=${secret}\nexport ${secret} nonsense\nB=${secret}\n`);
    sandbox.write("Supervisorfile", `sleep 86400 {\nenv_file bad.env\nenv K ${secret}\n}\n`);
    const refused = await sandbox.run(["run"]);
    expect(refused.stderr).toContain("can't parse line 2; should be in KEY=VALUE format, at bad.env:2");
    expect(refused.stderr).not.toContain(secret);
    sandbox.write("Supervisorfile", `sleep 86400 {\nenv K ${secret} of mine\nreplicas x\n}\n`);
    const framed = await sandbox.run(["validate"]);
    expect(framed.stderr).toContain("  2 | env K …\n> 3 | replicas x\n");
    expect(framed.stderr).not.toContain(secret);
    sandbox.write("good.env", `A=${secret}\nLD_BIND_NOT=${secret}\n`);
    const user = isRoot ? "user www-data\n" : "";
    const { run, env } = await start(`${user}umask 077\nnice 5\nenv_file good.env\nenv K ${secret}`);
    expect([env.A, env.K, env.LD_BIND_NOT]).toEqual([secret, secret, secret]);
    expect(run.stderr + run.stdout).not.toContain(secret);
    const argumentLists = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .flatMap((pid) => {
        try {
          return [readFileSync(`/proc/${pid}/cmdline`, "utf8")];
        } catch {
          return [];
        }
      });
    expect(argumentLists.filter((list) => list.includes(secret))).toEqual([]);
    await run.stop();
  });
});

it("hands on the hard limit of open files as the soft one, unless limits says otherwise", async () => {
  const tell = (name: string) =>
    `sh -c "cat /proc/self/limits > ${name}.new; mv ${name}.new ${name}; exec sleep 86400"`;
  sandbox.write("Inner", `${tell("plain")}\n${tell("own")} {\nlimits {\nnofile 300:2000\n}\n}\n`);
  const inner = `${process.execPath} ${repository}/bin/caddy-supervisor.js run --adapter supervisorfile --config Inner`;
  sandbox.write("Supervisorfile", `${inner} {\nlimits {\nnofile 400:2000\n}\n}\n`);
  const run = sandbox.start(["run"]);
  expect(await fileWritten(sandbox.path("plain"))).toMatch(/^Max open files +2000 +2000 /m);
  expect(await fileWritten(sandbox.path("own"))).toMatch(/^Max open files +300 +2000 /m);
  await run.stop();
});

it("takes umask and a lower priority from everybody", async () => {
  const { run, status, niceness } = await start("umask 0077\nnice 7");
  expect(status.Umask).toBe("0077");
  expect(niceness).toBe(7);
  await run.stop();
});
