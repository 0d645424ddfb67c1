import { describe, expect, it } from "vitest";
import type { SupervisorEvents } from "../../../src/supervise/supervisor-parts.ts";
import { scriptedReplica } from "../../support/scripted-replica.ts";
import { uncaught } from "../../support/uncaught.ts";

const crash = { code: 3 } as const;

describe("restarts", () => {
  it("waits 0, 1, 2, 4 … 300 s between failed runs, and says so in the original's words", () => {
    const { supervisor, clock, processes, log } = scriptedReplica();
    void supervisor.run();
    for (let run = 0; run < 12; run++) {
      processes.ends(crash);
      clock.advance(clock.untilNext ?? 0);
    }
    const gaps = processes.starts
      .slice(1)
      .map((start, index) => (start - (processes.starts[index] ?? 0)) / 1000);
    expect(gaps).toEqual([0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    const originals = log.filter(({ message }) => message !== "process crashed");
    expect(originals.slice(0, 3)).toEqual([
      {
        level: "info",
        message: "process started",
        fields: { command: supervisor.commandAsWritten, replica: 0, pid: 1001 },
      },
      {
        level: "error",
        message: "process exited with error",
        fields: { command: supervisor.commandAsWritten, replica: 0, error: "exit status 3", duration: 0 },
      },
      {
        level: "info",
        message: "process will restart",
        fields: { command: supervisor.commandAsWritten, replica: 0, wait_delay: 0 },
      },
    ]);
  });

  it("forgets earlier failures after a run of 10 min", () => {
    const { supervisor, clock, processes, log } = scriptedReplica();
    void supervisor.run();
    processes.ends(crash);
    clock.advance(0);
    processes.ends(crash);
    clock.advance(1_000);
    clock.advance(600_000);
    processes.ends(crash);
    expect(log.map(({ message }) => message)).toContain("resetting restart delay");
    expect(supervisor.waiting).toMatchObject({ reason: "backoff", until: clock.now() });
  });

  it("starts at most once a second after clean exits", () => {
    const { supervisor, clock, processes } = scriptedReplica();
    void supervisor.run();
    for (let second = 0; second < 3; second++) {
      processes.ends({ code: 0 });
      clock.advance(999);
      expect(processes.live).toBe(0);
      clock.advance(1);
      expect(processes.live).toBe(1);
    }
  });

  it.each([
    ["always", { code: 0 }, 2],
    ["always", crash, 2],
    ["on_failure", { code: 0 }, 1],
    ["on_failure", crash, 2],
    ["never", { code: 0 }, 1],
    ["never", crash, 1],
  ] as const)("policy %s after %o: %i starts", async (policy, status, starts) => {
    const { supervisor, clock, processes } = scriptedReplica({ policy });
    const run = supervisor.run();
    processes.ends(status);
    clock.advance(1_000);
    expect(processes.starts).toHaveLength(starts);
    if (starts === 1) {
      await run;
      expect(supervisor.state).toBe("exited");
    }
  });

  it("retries a failed start with back-off, for ever", () => {
    const { supervisor, clock, processes, log } = scriptedReplica();
    processes.answer = "failed";
    void supervisor.run();
    clock.advance(0);
    clock.advance(1_000);
    clock.advance(2_000);
    expect(processes.starts).toEqual([0, 0, 1_000, 3_000]);
    expect(log[0]).toMatchObject({
      level: "error",
      message: "failed to start process",
      fields: { error: "fork/exec ./app: no such file or directory" },
    });
  });

  it("retries at once when told to", () => {
    const { supervisor, clock, processes } = scriptedReplica();
    void supervisor.run();
    processes.ends(crash);
    clock.advance(0);
    processes.ends(crash);
    expect(supervisor.state).toBe("waiting");
    supervisor.retry();
    expect(processes.live).toBe(1);
    expect(clock.pending).toBe(0);
  });
});

describe("stop", () => {
  it("sends the stop signal, and SIGKILL when the grace period is over", async () => {
    const { supervisor, clock, processes, log } = scriptedReplica();
    processes.obeys = [9];
    void supervisor.run();
    const stopped = supervisor.stop();
    clock.advance(9_999);
    expect(processes.signals).toEqual([2]);
    clock.advance(1);
    expect(processes.signals).toEqual([2, 9]);
    expect((await stopped).forced).toBe(true);
    expect(log.find(({ message }) => message.startsWith("termination"))).toMatchObject({
      level: "info",
      message: "termination grace period exceeded, killing",
      fields: { grace_period: 10 },
    });
  });

  it("kills at once when the grace period is 0 or less", async () => {
    const { supervisor, processes } = scriptedReplica({ stopAttempts: [{ signal: 2, wait: -5_000 }] });
    void supervisor.run();
    await supervisor.stop();
    expect(processes.signals).toEqual([9]);
  });

  it("tries each signal of a list in its time", async () => {
    const { supervisor, clock, processes } = scriptedReplica({
      stopAttempts: [
        { signal: 15, wait: 3_000 },
        { signal: 3, wait: 1_000 },
      ],
    });
    processes.obeys = [3, 9];
    void supervisor.run();
    const stopped = supervisor.stop();
    clock.advance(3_001);
    expect((await stopped).forced).toBe(false);
    expect(processes.signals).toEqual([15, 3]);
  });

  it("ends a wait at once and starts nothing any more", async () => {
    const { supervisor, clock, processes } = scriptedReplica();
    void supervisor.run();
    processes.ends(crash);
    clock.advance(0);
    processes.ends(crash);
    await supervisor.stop();
    clock.advance(600_000);
    expect(processes.starts).toHaveLength(2);
    expect(supervisor.state).toBe("idle");
  });

  it("kills a process that is born after the wish to stop", async () => {
    const { supervisor, processes } = scriptedReplica();
    processes.answer = undefined;
    void supervisor.run();
    const stopped = supervisor.stop();
    processes.born();
    await stopped;
    expect(processes.live).toBe(0);
  });

  it("gives the rest of the group what is left of the grace period", async () => {
    const { supervisor, clock, processes } = scriptedReplica();
    processes.groupOutlives = true;
    void supervisor.run();
    const stopped = supervisor.stop();
    clock.advance(9_000);
    expect(supervisor.state).toBe("draining");
    expect(processes.signals).toEqual([2]);
    processes.endGroup();
    expect((await stopped).forced).toBe(false);
  });

  it("kills the rest of the group when the grace period is over", async () => {
    const { supervisor, clock, processes } = scriptedReplica();
    processes.groupOutlives = true;
    void supervisor.run();
    const stopped = supervisor.stop();
    clock.advance(10_000);
    expect((await stopped).forced).toBe(true);
    expect(processes.signals).toEqual([2, 9]);
  });

  it("ends only when the sweep has found nothing left", async () => {
    let finish: (result: { killed: []; survivors: [] }) => void = () => {};
    const { supervisor, clock } = scriptedReplica({
      sweep: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    });
    void supervisor.run();
    let over = false;
    const stopped = supervisor.stop().then(() => {
      over = true;
    });
    clock.advance(1);
    await Promise.resolve();
    expect([supervisor.state, over]).toEqual(["sweeping", false]);
    finish({ killed: [], survivors: [] });
    await stopped;
    expect(supervisor.state).toBe("idle");
  });

  it("tells how the stop went, also when a start follows at once; none beside what could not be killed", async () => {
    const swept = { killed: [], survivors: [{ pid: 7, name: "immortal", startTime: "1" }] };
    for (const survivors of [[], swept.survivors]) {
      const { supervisor, clock, processes } = scriptedReplica({
        sweep: () => Promise.resolve({ killed: [], survivors }),
      });
      processes.obeys = [9];
      void supervisor.run();
      const stopped = supervisor.stop();
      void supervisor.run();
      expect(supervisor.isWanted).toBe(true);
      clock.advance(10_000);
      expect(await stopped).toEqual({ forced: true, killed: [], survivors });
      await new Promise(setImmediate);
      expect(processes.starts).toHaveLength(survivors.length === 0 ? 2 : 1);
      expect(supervisor.isWanted).toBe(survivors.length === 0);
    }
  });

  it("starts anew when run() is called during a stop", async () => {
    const { supervisor, clock, processes } = scriptedReplica();
    void supervisor.run();
    const stopped = supervisor.stop();
    void supervisor.run();
    clock.advance(1);
    await stopped;
    await new Promise(setImmediate);
    expect(processes.starts).toHaveLength(2);
    expect(processes.live).toBe(1);
  });

  it("starts nothing when a later wish takes back the run() that was called during a stop", async () => {
    const { supervisor, clock, processes } = scriptedReplica();
    void supervisor.run();
    const stopped = supervisor.stop();
    void supervisor.run();
    void supervisor.kill();
    clock.advance(1);
    await stopped;
    await new Promise(setImmediate);
    expect([processes.starts.length, supervisor.state]).toEqual([1, "idle"]);
  });

  it("resolves run() also when the start fails at once and nothing follows", async () => {
    const { supervisor, processes } = scriptedReplica({ policy: "never" });
    processes.answer = "failed";
    await supervisor.run();
    expect(supervisor.state).toBe("failed");
  });

  it("is over at once for a replica that never ran", async () => {
    const { supervisor, sweeps } = scriptedReplica();
    await supervisor.stop();
    expect([supervisor.state, sweeps.atStop]).toEqual(["idle", 0]);
  });
});

describe("readiness", () => {
  it("is reached when the probe says so, and never after the end", () => {
    let ready = () => {};
    let watching = true;
    const { supervisor, processes } = scriptedReplica({
      probe: {
        watch(_process, onReady) {
          ready = onReady;
          return () => {
            watching = false;
          };
        },
      },
    });
    void supervisor.run();
    expect(supervisor.state).toBe("started");
    ready();
    expect(supervisor.state).toBe("ready");
    processes.ends(crash);
    expect(watching).toBe(false);
  });
});

describe("a listener that throws", () => {
  it.each([
    "started",
    "ready",
    "exited",
    "crashed",
    "restarting",
    "state",
  ] satisfies (keyof SupervisorEvents)[])("keeps nobody from being restarted: %s", async (event) => {
    const { supervisor, processes, clock } = scriptedReplica();
    supervisor.once(event, throws);
    const thrown = await uncaught(() => {
      supervisor.begin();
      processes.ends(crash);
    });
    expect(thrown).toBe("of a listener");
    clock.advance(clock.untilNext ?? 0);
    expect([supervisor.state, processes.starts.length]).toEqual(["ready", 2]);
  });

  it("keeps no stop from being over", async () => {
    const { supervisor, clock } = scriptedReplica();
    supervisor.begin();
    supervisor.on("stopped", throws);
    const stopped = supervisor.stop();
    expect(await uncaught(() => clock.advance(0))).toBe("of a listener");
    expect(await stopped).toMatchObject({ forced: false });
  });
});

function throws(): never {
  throw new Error("of a listener");
}
