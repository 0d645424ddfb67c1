import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAlive, until } from "../support/gates.ts";
import { httpCall } from "../support/http-call.ts";
import { controlSocketOf, freePort, type ProgramRun, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

const ask = (...args: string[]) => sandbox.run(args);
const statusOf = async () =>
  (JSON.parse((await ask("status", "--json")).stdout) as { processes: Record<string, unknown>[] }).processes;

/** Ends only when the file `go-N` is there; `asked-N` tells that it has heard its stop signal. */
const stubborn = (n: number, name = "d") =>
  `sh stubborn.sh {\n name ${name}\n env N ${n}\n termination_grace_period 5m\n}\n`;
const begin = async (): Promise<ProgramRun> => {
  sandbox.write(
    "stubborn.sh",
    `trap 'touch asked-$N' INT; touch up-$N; while [ ! -e "go-$N" ]; do sleep 0.05; done`,
  );
  sandbox.write("Supervisorfile", stubborn(1));
  const run = await sandbox.start(["run"]).ready();
  await until("it to run", () => sandbox.has("up-1"));
  return run;
};
const go = (n: number) => sandbox.write(`go-${n}`, "");
const asked = () => until("the stop signal", () => sandbox.has("asked-1"));
/** A reload is past its point of no return. */
const beginReload = async (run: ProgramRun) => {
  sandbox.write("Supervisorfile", stubborn(2));
  run.signal("SIGHUP");
  const socket = await controlSocketOf(run);
  await until("the new configuration", async () =>
    (await httpCall(socket, { path: "/config/" })).body.includes('"2"'),
  );
  await asked();
};
/** What was asked before is being dealt with once this is answered. */
const heard = () => ask("status");
const startsAndEnds = (run: ProgramRun) =>
  run.log.map(({ msg }) => msg).filter((msg) => msg === "process started" || msg === "process exited");

describe("while a reload replaces a replica", () => {
  it("up waits for the end of the former process", async () => {
    const run = await begin();
    await beginReload(run);
    const up = ask("up", "d");
    await heard();
    go(1);
    expect(await up).toMatchObject({ code: 0, stdout: expect.stringContaining("d:0 running") });
    await run.waitFor("configuration reloaded");
    expect(startsAndEnds(run)).toEqual(["process started", "process exited", "process started"]);
  });

  it("restart waits for the end of the former process", async () => {
    const run = await begin();
    await beginReload(run);
    const restart = ask("restart", "d");
    await heard();
    go(1);
    go(2);
    await restart;
    expect(startsAndEnds(run).slice(0, 3)).toEqual(["process started", "process exited", "process started"]);
  });

  it("down has the last word", async () => {
    const run = await begin();
    await beginReload(run);
    const down = ask("down", "d");
    await heard();
    go(2);
    go(1);
    expect(await down).toMatchObject({ code: 0, stdout: "d:0 down\n" });
    await run.waitFor("configuration reloaded");
    expect(await statusOf()).toMatchObject([{ state: "idle" }]);
  });

  it("status and why tell of the former process", async () => {
    const run = await begin();
    const [before] = await statusOf();
    await beginReload(run);
    expect(await statusOf()).toMatchObject([{ state: "stopping", pid: before?.pid }]);
    expect((await ask("why")).stdout).toContain("d:0 is still stopping: asked by SIGINT");
    go(1);
  });

  it("a forced end does not wait for it", async () => {
    const run = await begin();
    const [{ pid } = {}] = await statusOf();
    await beginReload(run);
    run.signal("SIGQUIT");
    expect(await run.ended).toBe(2);
    expect(isAlive(Number(pid))).toBe(false);
  });
});

it("an orderly end does not wait for a reload before it stops the others", async () => {
  const run = await begin();
  sandbox.write("Supervisorfile", stubborn(1) + stubborn(9, "e"));
  expect((await ask("reload")).code).toBe(0);
  await until("the other to run", () => sandbox.has("up-9"));
  sandbox.write("Supervisorfile", stubborn(2) + stubborn(9, "e"));
  run.signal("SIGHUP");
  await asked();
  run.signal("SIGTERM");
  await until("the other to be asked", () => sandbox.has("asked-9"));
  go(9);
  go(1);
  expect(await run.ended).toBe(0);
});

it("an essential process that ends before the reload that adds it is through ends everything", async () => {
  const [port, site] = [await freePort(), await freePort()];
  const write = (word: string, more: string) =>
    sandbox.write(
      "Caddyfile",
      `{\n admin localhost:${port}\n supervisor {\n sleep 86428\n${more}\n }\n}\nhttp://localhost:${site} {\n respond ${word}\n}`,
    );
  write("one", "");
  const run = await sandbox.start(["run"]).ready();
  write("two", ' sh -c "exit 7" {\n essential\n restart_policy never\n }');
  run.signal("SIGHUP");
  expect(await run.ended).toBe(7);
});

describe("the last word counts", () => {
  it("what is being stopped by hand stays down, though a reload changes it", async () => {
    const run = await begin();
    const down = ask("down", "d");
    await asked();
    await beginReload(run);
    go(1);
    expect(await down).toMatchObject({ code: 0 });
    await run.waitFor("configuration reloaded");
    expect(await statusOf()).toMatchObject([{ state: "idle" }]);
  });

  it("a down during a restart", async () => {
    await begin();
    const restart = ask("restart", "d");
    await asked();
    const down = ask("down", "d");
    await heard();
    go(1);
    expect(await down).toMatchObject({ code: 0, stdout: "d:0 down\n" });
    expect(await restart).toMatchObject({ code: 1, stdout: "d:0 failed (it was stopped)\n" });
    expect(await statusOf()).toMatchObject([{ state: "idle" }]);
  });

  it("a restart during a down", async () => {
    const run = await begin();
    const down = ask("down", "d");
    await asked();
    const restart = ask("restart", "d");
    await heard();
    go(1);
    await Promise.all([down, restart]);
    await until("the second start", () => startsAndEnds(run).length >= 3);
  });
});
