import fc from "fast-check";
import { expect, it } from "vitest";
import { scriptedReplica } from "../support/scripted-replica.ts";

/** What can happen to a replica, in any order. */
type Step =
  | { readonly kind: "run" | "stop" | "kill" | "retry" | "born" | "stillborn" }
  | { readonly kind: "ends"; readonly code: number }
  | { readonly kind: "advance"; readonly by: number }
  | { readonly kind: "answer"; readonly answer: "spawned" | "failed" | undefined }
  | { readonly kind: "obeys"; readonly obeys: readonly number[] };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom("run", "stop", "kill", "retry", "born", "stillborn") }),
  fc.record({ kind: fc.constant("ends" as const), code: fc.integer({ min: 0, max: 3 }) }),
  fc.record({
    kind: fc.constant("advance" as const),
    by: fc.constantFrom(0, 1, 999, 1_000, 10_000, 300_000, 600_000),
  }),
  fc.record({
    kind: fc.constant("answer" as const),
    answer: fc.constantFrom("spawned", "failed", undefined),
  }),
  fc.record({ kind: fc.constant("obeys" as const), obeys: fc.constantFrom([2, 9], [9]) }),
) as fc.Arbitrary<Step>;

const policy = fc.constantFrom("always", "on_failure", "never");

it("keeps its invariants whatever happens in whatever order", async () => {
  await fc.assert(
    fc.asyncProperty(policy, fc.array(step, { maxLength: 60 }), async (restartPolicy, steps) => {
      const { supervisor, clock, processes, log } = scriptedReplica({ policy: restartPolicy });
      let exits = 0;
      supervisor.on("exited", () => exits++);
      supervisor.on("failed", () => exits++);
      for (const next of steps) {
        if (next.kind === "run") void supervisor.run();
        else if (next.kind === "stop" || next.kind === "kill" || next.kind === "retry")
          void supervisor[next.kind]();
        else if (next.kind === "ends") processes.ends({ code: next.code });
        else if (next.kind === "advance") clock.advance(next.by);
        else if (next.kind === "answer") processes.answer = next.answer;
        else if (next.kind === "obeys") processes.obeys = next.obeys;
        else if (processes.pending()) processes[next.kind]();
        await Promise.resolve();

        expect(processes.live).toBeLessThanOrEqual(1);
        // Each start is followed by exactly one end, or is still under way.
        expect(exits).toBeLessThanOrEqual(processes.starts.length);
        expect(processes.starts.length - exits).toBeLessThanOrEqual(1);
        expect(clock.pending).toBeLessThanOrEqual(2);
        if (supervisor.waiting !== undefined) {
          expect(supervisor.waiting.until - clock.now()).toBeLessThanOrEqual(300_000);
        }
      }
      expect(log.filter(({ message }) => message === "event out of turn")).toEqual([]);

      processes.answer = "spawned";
      processes.obeys = [2, 9];
      const stopped = supervisor.stop();
      if (processes.pending()) processes.born();
      if (processes.live > 0) processes.ends({ code: 0 });
      clock.advance(1);
      await stopped;
      expect([supervisor.state, processes.live, clock.pending]).toEqual(["idle", 0, 0]);
      const startsAtStop = processes.starts.length;
      clock.advance(3_600_000);
      expect(processes.starts.length).toBe(startsAtStop);
    }),
    { numRuns: 300 },
  );
});
