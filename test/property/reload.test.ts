import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { App } from "../../src/app/app.ts";
import type { Definition } from "../../src/config/definition.ts";
import { planReplicas } from "../../src/config/options.ts";
import { definitionKeys } from "../../src/config/reload-plan.ts";
import { until } from "../support/gates.ts";

/** The nightly run asks for more. */
const pairs = Number(process.env.RELOADS ?? 200);

/** Processes that differ in one thing each; `sleep` with several arguments sleeps for their sum. */
const definition: fc.Arbitrary<Definition> = fc.record(
  {
    command: fc.constantFrom(["sleep", "86400"], ["sleep", "86401"], ["sleep", "86402", "{{.Replica}}"]),
    replicas: fc.constantFrom(0, 1, 2, 3),
    name: fc.constantFrom("a", "b"),
    env: fc.constantFrom({}, { A: "1" }, { A: "2" }, { A: "{{.Replica}}" }),
    restartPolicy: fc.constantFrom("always", "never"),
    stopSignal: fc.constantFrom("TERM", "KILL"),
    umask: fc.constantFrom("0022", "0027"),
  },
  { requiredKeys: ["command"] },
);
const config = fc.array(definition, { maxLength: 4 });

/** What runs: for each slot its command, environment and pid. */
function running(app: App) {
  return app.supervisors.map(({ options: { command, args, env, replica }, pid, state }) => ({
    what: JSON.stringify([command, args, env, replica]),
    pid,
    state,
  }));
}

/** The slots of a configuration with what a process of theirs could notice. */
function slots(definitions: readonly Definition[]): Map<string, string> {
  const keys = definitionKeys(definitions);
  const entries = definitions.flatMap((each, index) =>
    planReplicas(each).map(({ options: { command, args, env, replica }, rights }): [string, string] => [
      `${keys[index]} ${replica}`,
      JSON.stringify([command, args, env, rights]),
    ]),
  );
  return new Map(entries);
}

/** The most starts in one turn of the event loop from now on. */
function mostAtOnce(app: App, turn: () => number): () => number {
  const perTurn = new Map<number, number>();
  app.on("started", () => perTurn.set(turn(), (perTurn.get(turn()) ?? 0) + 1));
  return () => Math.max(...perTurn.values());
}

const allRun = (app: App) =>
  until("all to run", () =>
    app.supervisors.every(({ state, pid }) => state === "ready" && pid !== undefined),
  );

it("a reload ends in what a fresh start would run, and leaves alone what did not change", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "reload-"));
  await fc.assert(
    fc.asyncProperty(config, config, async (before, after) => {
      const app = new App({ supervise: before }, { cwd });
      try {
        await app.start();
        await allRun(app);
        const old = running(app);
        const oldSlots = [...slots(before)];
        const reload = app.prepareReload({ supervise: after });
        await reload.begin();
        await reload.commit();
        await allRun(app);
        const now = running(app);
        const newSlots = [...slots(after)];
        const fresh = after
          .flatMap((each) => planReplicas(each))
          .map(({ options: { command, args, env, replica } }) =>
            JSON.stringify([command, args, env, replica]),
          );
        expect(now.map(({ what }) => what)).toEqual(fresh);
        for (const [index, [slot, what]] of newSlots.entries()) {
          const was = oldSlots.findIndex(([name]) => name === slot);
          const isSame = was >= 0 && oldSlots[was]?.[1] === what;
          if (isSame) expect(now[index]?.pid).toBe(old[was]?.pid);
          else expect(old.map(({ pid }) => pid)).not.toContain(now[index]?.pid);
        }
        const kept = new Set(now.map(({ pid }) => pid));
        for (const { pid } of old) if (!kept.has(pid)) expect(() => process.kill(pid ?? 0, 0)).toThrow();
      } finally {
        await app.kill();
      }
    }),
    { numRuns: pairs },
  );
  rmSync(cwd, { recursive: true });
}, 600_000);

it("starts of a reload leave others their turn", async () => {
  const sleeps = (env: Record<string, string>) =>
    Array.from({ length: 64 }, (_, each) => ({ name: String(each), command: ["sleep", "86400"], env }));
  const app = new App({ supervise: [] });
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  try {
    await app.start();
    count();
    const adds = app.prepareReload({ supervise: sleeps({}) });
    await adds.begin();
    expect(turns).toBeGreaterThanOrEqual(64 / 16);
    await adds.commit();
    await allRun(app);
    const most = mostAtOnce(app, () => turns);
    await app.prepareReload({ supervise: sleeps({ A: "1" }) }).commit();
    expect(most()).toBeLessThanOrEqual(16);
  } finally {
    isOver = true;
    await app.kill();
  }
});

it("what is rolled back leaves everything as it was", async () => {
  const app = new App({ supervise: [{ command: ["sleep", "86400"] }] });
  try {
    await app.start();
    await allRun(app);
    const before = running(app);
    const reload = app.prepareReload({ supervise: [{ command: ["sleep", "86401"] }] });
    expect(reload.changes).toEqual([
      { replica: "sleep:0", action: "start", why: ["added"] },
      { replica: "sleep:0", action: "stop", why: ["removed"] },
    ]);
    await reload.begin();
    await reload.rollBack();
    expect(running(app)).toEqual(before);
  } finally {
    await app.kill();
  }
});

it("a configuration that cannot run changes nothing", async () => {
  const app = new App({ supervise: [{ command: ["sleep", "86400"] }] });
  try {
    await app.start();
    await allRun(app);
    const before = running(app);
    expect(() => app.prepareReload({ supervise: [{ command: ["sleep", "{{"] }] })).toThrow("unclosed action");
    expect(running(app)).toEqual(before);
  } finally {
    await app.kill();
  }
});
