import { readFileSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileWritten } from "../support/gates.ts";
import { programs, Sandbox } from "../support/program.ts";
import { asNobody } from "../support/unprivileged.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const report = `${process.execPath} ${programs}/report.mjs`;
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn("not root: the tests of `user` with another user are left out");

describe.runIf(isRoot)("user, as root", () => {
  it("runs the process as that user, with its groups and home, and without our rights", async () => {
    const { chmodSync } = await import("node:fs");
    chmodSync(sandbox.folder, 0o777);
    // The user may not be able to read our clone, which may lie below /root.
    sandbox.copy("test/programs/report.mjs", "report.mjs");
    sandbox.write(
      "Supervisorfile",
      `sh -c "grep -E '^(Uid|Gid|Groups|Cap|NoNew)' /proc/self/status > $REPORT.status; exec ${process.execPath} ${sandbox.folder}/report.mjs" {
        user www-data
        env REPORT ${sandbox.folder}/report
        env PATH /usr/bin:/bin
        redirect_stdout file ${sandbox.folder}/out.log
      }`,
    );
    const run = sandbox.start(["run"]);
    const told = JSON.parse(await fileWritten(sandbox.path("report")));
    expect(told).toMatchObject({ uid: 33, gid: 33, groups: [33] });
    expect(told.env).toMatchObject({ HOME: "/var/www", USER: "www-data", LOGNAME: "www-data" });
    const status = readFileSync(sandbox.path("report.status"), "utf8");
    expect(status).toMatch(/^Uid:\s+33\s+33\s+33\s+33$/m);
    for (const set of ["CapInh", "CapPrm", "CapEff", "CapAmb"])
      expect(status).toMatch(new RegExp(`^${set}:\\s+0+$`, "m"));
    // The log file is opened by us: the user needs no right to its folder.
    expect(statSync(sandbox.path("out.log")).uid).toBe(0);
    await run.stop();
  });

  it("says plainly that the user may not run the command or enter the folder", async () => {
    sandbox.write(
      "Supervisorfile",
      `sleep 86400 {
        user www-data
        dir ${sandbox.folder}
      }
      ${sandbox.write("private", "#!/bin/sh\n")} {
        user www-data
      }`,
    );
    const run = sandbox.start(["run"]);
    const failures = await run.waitFor("failed to start process", 2);
    expect([...new Set(failures.map(({ error }) => error))]).toEqual([
      `chdir ${sandbox.folder}: permission denied`,
      `fork/exec ${sandbox.folder}/private: permission denied`,
    ]);
    await run.stop();
  });

  it("refuses a user who is not us when we are not root", async () => {
    const run = await unprivileged("user root");
    expect(run.stderr).toContain("Error: user: cannot run as root without being root, at Supervisorfile:2\n");
    expect(run.code).toBe(1);
  });

  it.each([
    ["group root", "group: cannot run in root without being root"],
    ["nice -1", "nice: cannot set niceness: Permission denied"],
    ["limits {\nnofile 900000\n}", "limits: prlimit: failed to set the NOFILE resource limit"],
  ])("refuses %j when we are not root", async (option, message) => {
    const run = await unprivileged(option);
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain("Hint: run caddy-supervisor as root, or remove the option\n");
    expect(run.code).toBe(1);
  });

  function unprivileged(option: string) {
    sandbox.write("Supervisorfile", `sleep 86400 {\n\t${option}\n}\n`);
    return sandbox.run(["run"], asNobody(sandbox));
  }
});

it("takes our own name without root", async () => {
  const { username } = userInfo();
  sandbox.write("Supervisorfile", `${report} {\n env REPORT ${sandbox.folder}/report\n user ${username}\n}`);
  const run = sandbox.start(["run"]);
  expect(JSON.parse(await fileWritten(sandbox.path("report"))).uid).toBe(process.getuid?.());
  await run.stop();
});
