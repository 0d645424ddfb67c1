import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunSettings, Sandbox } from "../support/program.ts";
import { asNobody, nobody } from "../support/unprivileged.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

/** What passes through us. */
const piped = ["log", "file out.log {\n}"];
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn("not root: the tests of output as another user are left out");

/** Validates a command that writes there. */
const validate = (target: string, settings: RunSettings) => {
  sandbox.write("Supervisorfile", `sleep 86400 {\n\tredirect_stderr ${target}\n}\n`);
  return sandbox.run(["validate"], settings);
};

describe.runIf(isRoot)("output, as another user", () => {
  /** A folder with a log file that anybody may write to. */
  const folder = (name: string, mode: number, owner: number) => {
    mkdirSync(sandbox.path(name));
    chmodSync(sandbox.write(`${name}/app.log`, ""), 0o666);
    chmodSync(sandbox.path(name), mode);
    chownSync(sandbox.path(name), owner, owner);
  };

  it("warns of a file that can be written but never rolled, and names the folder", async () => {
    folder("roots", 0o755, 0);
    folder("sticky", 0o1777, 0);
    folder("own", 0o755, nobody);
    folder("unrolled", 0o755, 0);
    const outputs = [
      ...["roots", "sticky", "own"].map((name) => `${sandbox.path(name)}/app.log {\nroll_size 1MiB\n}`),
      `${sandbox.path("unrolled")}/app.log {\nroll_disabled\n}`,
    ];
    sandbox.write(
      "Supervisorfile",
      outputs.map((output) => `sleep 86400 {\nredirect_stdout file ${output}\n}\n`).join(""),
    );
    const validated = await sandbox.run(["validate"], asNobody(sandbox));
    expect([validated.code, validated.stderr.match(/can be written but never rolled: .*/g)]).toEqual([
      0,
      [
        `can be written but never rolled: ${sandbox.path("roots")}: permission denied`,
        `can be written but never rolled: ${sandbox.path("sticky")}: operation not permitted`,
      ],
    ]);
    const run = await sandbox.start(["run"], asNobody(sandbox)).ready();
    await run.waitFor("process started", outputs.length);
    expect(run.logged("log file can never be rolled")).toMatchObject([
      { level: "warn", ...cannotRoll("roots"), error: "permission denied" },
      { level: "warn", ...cannotRoll("sticky"), error: "operation not permitted" },
    ]);
    expect(await run.stop()).toBe(0);
  });
  const cannotRoll = (name: string) => ({ file: sandbox.path(name, "app.log"), folder: sandbox.path(name) });

  it.each(piped)("refuses %j where the temporary folder cannot be written", async (target) => {
    mkdirSync(sandbox.path("tmp"));
    const settings = asNobody(sandbox, { TMPDIR: sandbox.path("tmp") });
    chmodSync(sandbox.folder, 0o777);
    const { stderr, code } = await validate(target, settings);
    expect(stderr).toContain(
      `Error: cannot setup stderr redirection: no pipe can be made: temporary folder ${sandbox.path("tmp")}: permission denied, at Supervisorfile:2\n`,
    );
    expect(stderr).toContain("Hint: set TMPDIR to a folder that our user may write to\n");
    expect(code).toBe(1);
  });
});

it.each(piped)("refuses %j where mkfifo is missing", async (target) => {
  const { stderr, code } = await validate(target, { env: { PATH: sandbox.folder } });
  expect(stderr).toContain(
    "Error: cannot setup stderr redirection: no pipe can be made: mkfifo is not installed, at Supervisorfile:2\n",
  );
  expect(stderr).toContain("Hint: install mkfifo, a part of coreutils\n");
  expect(code).toBe(1);
});

it("needs neither for what does not pass through us", async () => {
  const env = { PATH: sandbox.folder, TMPDIR: sandbox.path("nosuch") };
  expect(await validate("file out.log", { env })).toMatchObject({ code: 0 });
});
