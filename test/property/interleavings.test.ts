import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { plainRules } from "../support/plain-rules.ts";
import { Puppet } from "../support/puppet.ts";

/** The nightly run asks for 1,000. */
const interleavings = Number(process.env.INTERLEAVINGS ?? 1000);

const folder = mkdtempSync(join(tmpdir(), "interleavings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A wish, and how many turns of the event loop pass before the next one: nobody waits for anything to be done. */
const wish = fc.record({
  kind: fc.constantFrom("run", "run", "stop", "kill", "retry", "killed from outside", "time passes"),
  turns: fc.integer({ min: 0, max: 30 }),
});

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

it("wishes that cross each other make no twin and leave nothing behind", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(wish, { maxLength: 12 }), async (wishes) => {
      const puppet = new Puppet({ folder, rules: plainRules("always"), probed: false });
      const { supervisor, clock } = puppet;
      try {
        for (const { kind, turns: wait } of wishes) {
          if (kind === "time passes") clock.advance(10_000);
          else if (kind !== "killed from outside") void supervisor[kind]();
          else if (supervisor.pid !== undefined) process.kill(supervisor.pid, "SIGKILL");
          await turns(wait);
          expect(puppet.alive).toBeLessThanOrEqual(1);
        }
        // The last wish counts: whatever was under way, a stop ends it, and nothing starts after it.
        await turns(30);
        const [first, second] = await Promise.all([supervisor.kill(), supervisor.stop()]);
        expect([first.survivors, second.survivors]).toEqual([[], []]);
        clock.advance(600_000);
        await turns(5);
        expect([supervisor.state, puppet.alive]).toEqual(["idle", 0]);
      } finally {
        await puppet.remove();
      }
    }),
    { numRuns: interleavings },
  );
}, 36_000_000);
