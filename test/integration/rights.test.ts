import { chmodSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileWritten } from "../support/gates.ts";
import { Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
  chmodSync(sandbox.folder, 0o777);
});
afterEach(() => sandbox.remove());

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn("not root: the tests of rights that only root can give are left out");

/** Runs a shell that writes down what it was given, and waits for it. */
async function inspect(options: string, env: NodeJS.ProcessEnv = {}) {
  sandbox.write(
    "Supervisorfile",
    `sh -c "cat /proc/self/status > status; cat /proc/self/limits > limits; nice > nice; umask > umask; env > env; echo $$ > .ready; mv .ready ready; exec sleep 86400" {
      dir ${sandbox.folder}
      ${options}
    }`,
  );
  const run = sandbox.start(["run"], { env });
  const pid = Number(await fileWritten(sandbox.path("ready")));
  const read = (name: string) => readFileSync(sandbox.path(name), "utf8");
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, "m").exec(read("status"))?.[1];
  const limit = (name: string) => new RegExp(`^${name} +(\\S+) +(\\S+)`, "m").exec(read("limits"))?.slice(1);
  const [started] = await run.waitFor("process started");
  return { run, pid, read, field, limit, startedPid: started?.pid };
}

describe.runIf(isRoot)("as root", () => {
  it("gives exactly the user, group, limits, priority and umask that were asked for", async () => {
    const { run, pid, read, field, limit, startedPid } = await inspect(`
      user www-data
      group adm
      umask 0027
      nice 5
      no_new_privileges
      limits {
        nofile 100:200
        core 0
        as 1GiB
        nproc 5000:6000
      }`);
    expect(pid).toBe(startedPid);
    expect(field("Uid")).toBe("33\t33\t33\t33");
    expect(field("Gid")).toBe("4\t4\t4\t4");
    expect(field("Groups")).toBe("33");
    expect(field("NoNewPrivs")).toBe("1");
    for (const set of ["CapInh", "CapPrm", "CapEff", "CapAmb"]) expect(field(set)).toMatch(/^0+$/);
    expect(limit("Max open files")).toEqual(["100", "200"]);
    expect(limit("Max core file size")).toEqual(["0", "0"]);
    expect(limit("Max address space")).toEqual(["1073741824", "1073741824"]);
    expect(limit("Max processes")).toEqual(["5000", "6000"]);
    expect([read("nice"), read("umask")]).toEqual(["5\n", "0027\n"]);
    expect(await run.stop()).toBe(0);
  });

  it("takes a user by number, with no groups beyond the one that is named", async () => {
    const { run, field, read } = await inspect("user 4242\ngroup 4243", { USER: "root", LOGNAME: "root" });
    expect([field("Uid"), field("Gid"), field("Groups")]).toEqual([
      "4242\t4242\t4242\t4242",
      "4243\t4243\t4243\t4243",
      "",
    ]);
    expect(read("env")).toMatch(/^HOME=\/$/m);
    expect(read("env")).not.toMatch(/^(USER|LOGNAME)=/m);
    await run.stop();
  });

  it("changes the group alone, and leaves our environment", async () => {
    const { run, field, read } = await inspect("group adm", { USER: "somebody" });
    expect([field("Uid"), field("Gid")]).toEqual(["0\t0\t0\t0", "4\t4\t4\t4"]);
    expect(read("env")).toMatch(/^USER=somebody$/m);
    await run.stop();
  });

  it("gives the user's HOME, USER, LOGNAME and SHELL", async () => {
    const { run, read } = await inspect("user www-data", { USER: "root" });
    for (const line of ["HOME=/var/www", "USER=www-data", "LOGNAME=www-data", "SHELL=/usr/sbin/nologin"])
      expect(read("env")).toContain(`${line}\n`);
    await run.stop();
  });

  it("a set-user-id program gains nothing under no_new_privileges", async () => {
    sandbox.write(
      "Supervisorfile",
      `sh -c "cp /usr/bin/id id; id -u > uid; setpriv --reuid=0 true 2> why; echo done > ready; sleep 86400" {
        dir ${sandbox.folder}
        user www-data
        no_new_privileges
      }`,
    );
    const run = sandbox.start(["run"]);
    await fileWritten(sandbox.path("ready"));
    expect(readFileSync(sandbox.path("uid"), "utf8")).toBe("33\n");
    expect(readFileSync(sandbox.path("why"), "utf8")).toContain("Operation not permitted");
    await run.stop();
  });

  it("tells the interpreter that is missing also behind setpriv", async () => {
    chmodSync(sandbox.write("app", "#!/usr/bin/php9\n"), 0o755);
    sandbox.write("Supervisorfile", `./app {\n dir ${sandbox.folder}\n user www-data\n}`);
    const run = sandbox.start(["run"]);
    const [failed] = await run.waitFor("failed to start process");
    expect(failed?.error).toBe(
      "fork/exec ./app: no such file or directory (its interpreter /usr/bin/php9 is missing)",
    );
    await run.stop();
  });
});

describe("env_file and clear_env", () => {
  it("lay files over what is kept of ours, and env over the files", async () => {
    sandbox.write("a.env", 'A=from-a\nB="two words"\nexport C=from-a\n');
    sandbox.write("b.env", "C=from-b\nD=from-b # a comment\n");
    const { run, read } = await inspect(
      'env_file a.env "b{{if eq .Replica 0}}{{end}}.env"\nenv D last\nclear_env PATH LC_*',
      { CADDY_SECRET: "hunter2", LC_TIME: "C" },
    );
    const lines = read("env").split("\n");
    for (const line of ["A=from-a", "B=two words", "C=from-b", "D=last", "LC_TIME=C"])
      expect(lines).toContain(line);
    expect(read("env")).not.toContain("hunter2");
    expect(lines.some((line) => line.startsWith("PATH="))).toBe(true);
    await run.stop();
  });

  it("keep secrets out of the log and the process list", async () => {
    sandbox.write("secret.env", "TOKEN=correct-horse-battery\n");
    const { run, pid } = await inspect(
      `env_file secret.env\nenv PASSWORD hunter2-hunter2${isRoot ? "\nuser www-data\nlimits {\n core 0\n }" : ""}`,
    );
    const commandLines = [pid, run.pid].map((each) => readFileSync(`/proc/${each}/cmdline`, "utf8")).join();
    for (const secret of ["correct-horse-battery", "hunter2-hunter2"]) {
      expect(commandLines).not.toContain(secret);
      expect(run.stderr).not.toContain(secret);
    }
    await run.stop();
    expect(run.stderr).not.toContain("hunter2-hunter2");
  });

  it("a file is read anew at each start", async () => {
    sandbox.write("life.env", "LIFE=1\n");
    sandbox.write(
      "Supervisorfile",
      `sh -c "echo LIFE=2 > life.env; echo $LIFE >> lives; [ $LIFE = 2 ] && echo done > ready; exit 0" {
        dir ${sandbox.folder}
        env_file life.env
      }`,
    );
    const run = sandbox.start(["run"]);
    await fileWritten(sandbox.path("ready"));
    expect(readFileSync(sandbox.path("lives"), "utf8")).toMatch(/^1\n2\n/);
    await run.stop();
  });

  it.each([
    ["nobody.env", undefined, "env_file: open nobody.env: no such file or directory"],
    [".", undefined, "env_file: open .: not a regular file"],
    ["bad.env", "A=1\nsecret value\n", "can't parse line 2; should be in KEY=VALUE format, at bad.env:2"],
  ])("%s is refused at load", async (name, text, message) => {
    if (text !== undefined) sandbox.write(name, text);
    sandbox.write("Supervisorfile", `sleep 86400 {\n env_file ${name}\n}`);
    const { code, stderr } = await sandbox.run(["run"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(stderr).not.toContain("secret value");
  });
});

it.each([
  ["limits {\n nofile unlimited\n }", "limits: prlimit: failed to set the NOFILE resource limit"],
  ["nice -100", "'nice' should be from -20 to 19"],
  ["group nosuchgroup", "group: unknown group nosuchgroup"],
])("refuses %j", async (option, message) => {
  sandbox.write("Supervisorfile", `sleep 86400 {\n ${option}\n}`);
  const { code, stderr } = await sandbox.run(["validate"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
});
