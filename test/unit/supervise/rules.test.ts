import { describe, expect, it } from "vitest";
import { defaultBackoff } from "../../../src/config/restart-plan.ts";
import type { CrashRecord } from "../../../src/supervise/crash-record.ts";
import { plainRules } from "../../support/plain-rules.ts";
import { scriptedReplica } from "../../support/scripted-replica.ts";

const crash = { code: 3 } as const;

describe("back-off settings", () => {
  it("start where they are told, grow as they are told, and end there", () => {
    const { supervisor, clock, processes } = scriptedReplica({
      rules: { backoff: { ...defaultBackoff, initial: 200, multiplier: 3, maximum: 1_000 } },
    });
    void supervisor.run();
    for (let run = 0; run < 5; run++) {
      processes.ends(crash);
      clock.advance(clock.untilNext ?? 0);
    }
    expect(processes.starts).toEqual([0, 0, 200, 800, 1_800, 2_800]);
  });

  it("leave a part of each wait to chance, never more than they say", () => {
    const waits = [0, 0.5, 0.999].map((random) => {
      const { supervisor, clock, processes } = scriptedReplica({
        random,
        rules: { backoff: { ...defaultBackoff, jitter: 0.5 } },
      });
      void supervisor.run();
      processes.ends(crash);
      clock.advance(0);
      processes.ends(crash);
      return (supervisor.waiting?.until ?? 0) - clock.now();
    });
    expect(waits).toEqual([1_000, 750, 500]);
  });
});

describe("a restart limit", () => {
  const limited = () => scriptedReplica({ rules: { limit: { restarts: 2, within: 60_000 } } });

  it("gives up on the restart beyond it, and says why", async () => {
    const { supervisor, clock, processes, log } = limited();
    const run = supervisor.run();
    for (let end = 0; end < 3; end++) {
      processes.ends(crash);
      clock.advance(2_000);
    }
    await run;
    expect([supervisor.state, processes.starts.length, supervisor.because]).toEqual([
      "failed",
      3,
      "more than 2 restarts within 60s",
    ]);
    expect(log.find(({ message }) => message === "restart limit exceeded, giving up")?.fields).toMatchObject({
      reason: "more than 2 restarts within 60s",
    });
  });

  it("counts clean exits too", () => {
    const { supervisor, clock, processes } = limited();
    void supervisor.run();
    for (let end = 0; end < 3; end++) {
      processes.ends({ code: 0 });
      clock.advance(2_000);
    }
    expect(supervisor.state).toBe("failed");
  });

  it("forgets restarts that are older", () => {
    const { supervisor, clock, processes } = limited();
    void supervisor.run();
    for (let end = 0; end < 10; end++) {
      clock.advance(31_000);
      processes.ends({ code: 0 });
      clock.advance(1);
    }
    expect([supervisor.state, supervisor.restarts]).toEqual(["ready", 10]);
  });

  it.each(["retry", "run"] as const)("begins anew when somebody asks for a %s", (wish) => {
    const { supervisor, clock, processes } = limited();
    void supervisor.run();
    for (let end = 0; end < 3; end++) {
      processes.ends(crash);
      clock.advance(2_000);
    }
    expect(supervisor.state).toBe("failed");
    void supervisor[wish]();
    processes.ends(crash);
    clock.advance(10_000);
    expect([supervisor.state, supervisor.restarts]).toEqual(["ready", 1]);
  });

  it("says so in the record of a start that fails at once", () => {
    const { supervisor, processes, clock } = limited();
    const reasons: unknown[] = [];
    supervisor.on("crashed", ({ because }) => reasons.push(because));
    processes.answer = "failed";
    void supervisor.run();
    clock.advance(10_000);
    expect(reasons).toEqual([undefined, undefined, "more than 2 restarts within 60s"]);
  });

  it("does not count an end that somebody asked for", async () => {
    const { supervisor, clock, processes, log } = scriptedReplica({
      rules: { limit: { restarts: 0, within: 60_000 } },
    });
    void supervisor.run();
    const stopped = supervisor.stop();
    clock.advance(0);
    await stopped;
    expect(log.map(({ message }) => message)).not.toContain("restart limit exceeded, giving up");
    void supervisor.run();
    expect([processes.starts.length, supervisor.restarts]).toEqual([2, 0]);
  });

  it("begins anew with a start that was asked for during a stop", async () => {
    const { supervisor, processes, clock } = limited();
    void supervisor.run();
    for (let end = 0; end < 2; end++) {
      processes.ends(crash);
      clock.advance(2_000);
    }
    const stopped = supervisor.stop();
    void supervisor.run();
    clock.advance(0);
    await stopped;
    await Promise.resolve();
    expect([supervisor.state, supervisor.restarts]).toEqual(["ready", 0]);
    processes.ends(crash);
    clock.advance(0);
    expect([supervisor.state, supervisor.restarts]).toEqual(["ready", 1]);
  });

  it("begins anew with a start after a stop in back-off", async () => {
    const { supervisor, processes } = limited();
    void supervisor.run();
    processes.ends(crash);
    expect(supervisor.state).toBe("waiting");
    await supervisor.stop();
    void supervisor.run();
    expect([supervisor.state, supervisor.restarts]).toEqual(["ready", 0]);
  });
});

describe("success exit codes", () => {
  it("are clean ends: no back-off, no crash", () => {
    const { supervisor, clock, processes, log } = scriptedReplica({ rules: { successExitCodes: [0, 3] } });
    void supervisor.run();
    for (let end = 0; end < 3; end++) {
      processes.ends(crash);
      clock.advance(1_000);
    }
    expect(processes.starts).toEqual([0, 1_000, 2_000, 3_000]);
    expect(new Set(log.map(({ message }) => message))).toEqual(
      new Set(["process started", "process exited"]),
    );
  });
});

describe("a stop command", () => {
  const scripted = () => {
    let end: (error: string | undefined) => void = () => {};
    const seen = { runs: 0, kills: 0 };
    const command = {
      run(_process: object, onEnded: (error: string | undefined) => void) {
        seen.runs++;
        end = onEnded;
        return () => {
          seen.kills++;
        };
      },
    };
    const replica = scriptedReplica({
      stopAttempts: [
        { command, wait: 5_000 },
        { signal: 15, wait: 1_000 },
      ],
    });
    void replica.supervisor.run();
    return { ...replica, seen, endCommand: (error?: string) => end(error) };
  };

  it("comes before any signal; the first one follows when it has ended in vain", async () => {
    const { supervisor, clock, processes, seen, endCommand } = scripted();
    const stopped = supervisor.stop();
    expect([seen.runs, processes.signals]).toEqual([1, []]);
    endCommand();
    expect(processes.signals).toEqual([15]);
    clock.advance(1);
    expect((await stopped).forced).toBe(false);
  });

  it("needs no signal when the process ends", async () => {
    const { supervisor, clock, processes } = scripted();
    const stopped = supervisor.stop();
    processes.ends({ code: 0 });
    clock.advance(1);
    await stopped;
    expect(processes.signals).toEqual([]);
  });

  it("is killed when its time is over", () => {
    const { supervisor, clock, processes, seen } = scripted();
    void supervisor.stop();
    clock.advance(5_000);
    expect([seen.kills, processes.signals]).toEqual([1, [15]]);
  });

  it("that fails is told of", () => {
    const { supervisor, log, endCommand } = scripted();
    void supervisor.stop();
    endCommand("exit status 7");
    expect(log.find(({ message }) => message === "stop command failed")?.fields).toMatchObject({
      error: "exit status 7",
    });
  });
});

describe("a crash", () => {
  it("is one event and one line, with what is known of it", () => {
    const { supervisor, clock, processes, log } = scriptedReplica();
    const records: CrashRecord[] = [];
    supervisor.on("crashed", (record) => records.push(record));
    void supervisor.run();
    clock.advance(1_500);
    processes.ends(crash);
    expect(log.filter(({ message }) => message === "process crashed").map(({ fields }) => fields)).toEqual([
      {
        command: supervisor.commandAsWritten,
        replica: 0,
        error: "exit status 3",
        exit_code: 3,
        uptime: 1.5,
        restarts: 0,
        next_try: 0,
      },
    ]);
    expect(records).toMatchObject([{ life: 1, exitCode: 3, nextTry: 0, lastLines: [] }]);
    clock.advance(0);
    processes.ends({ signal: 11 });
    expect(records[1]).toMatchObject({
      signal: 11,
      error: "signal: segmentation fault",
      restarts: 1,
      nextTry: 1,
    });
  });

  it("may also be a start that fails", () => {
    const { supervisor, processes } = scriptedReplica();
    const records: CrashRecord[] = [];
    supervisor.on("crashed", (record) => records.push(record));
    processes.answer = "failed";
    void supervisor.run();
    expect(records).toMatchObject([
      { exitCode: undefined, error: "fork/exec ./app: no such file or directory", uptime: 0 },
    ]);
  });

  it("names the kernel's want of memory, for a SIGKILL alone", () => {
    const { supervisor, clock, processes, log } = scriptedReplica({ wasOutOfMemory: () => true });
    void supervisor.run();
    processes.ends({ signal: 9 });
    clock.advance(0);
    processes.ends({ signal: 15 });
    expect(
      log.filter(({ message }) => message === "process exited with error").map(({ fields }) => fields.error),
    ).toEqual(["signal: killed (out of memory)", "signal: terminated"]);
  });

  it("tells what its own control group has counted, which knows better than ours why it was killed", () => {
    const { supervisor, clock, processes, log } = scriptedReplica({ wasOutOfMemory: () => true });
    processes.usage = { peakMemory: 734003200, cpuTime: 1.5, outOfMemory: false };
    void supervisor.run();
    processes.ends({ signal: 9 });
    processes.usage = { peakMemory: undefined, cpuTime: 0.25, outOfMemory: undefined };
    clock.advance(1_000);
    processes.ends({ signal: 9 });
    const crashes = log.filter(({ message }) => message === "process crashed").map(({ fields }) => fields);
    expect(crashes[0]).toMatchObject({ error: "signal: killed", peak_memory: 734003200, cpu_time: 1.5 });
    expect(crashes[1]).toMatchObject({ error: "signal: killed (out of memory)", cpu_time: 0.25 });
    expect(crashes[1]).not.toHaveProperty("peak_memory");
  });

  it("names the core dump of a signal, where one is known", () => {
    const { supervisor, clock, processes, log } = scriptedReplica();
    processes.coreFile = "/srv/core.1001";
    void supervisor.run();
    processes.ends({ signal: 11 });
    clock.advance(0);
    processes.ends({ code: 139 });
    const cores = log.filter(({ message }) => message === "process crashed").map(({ fields }) => fields.core);
    expect(cores).toEqual(["/srv/core.1001", undefined]);
  });

  it("has its reason also when the last start fails at once, and is told before what follows", () => {
    const { supervisor, clock, processes, log } = scriptedReplica({
      rules: { limit: { restarts: 1, within: 60_000 } },
    });
    const records: CrashRecord[] = [];
    supervisor.on("crashed", (record) => records.push(record));
    processes.answer = "failed";
    void supervisor.run();
    clock.advance(10_000);
    expect(records.map(({ because, nextTry }) => [because, nextTry])).toEqual([
      [undefined, 0],
      ["more than 1 restarts within 60s", undefined],
    ]);
    const messages = log.map(({ message }) => message);
    expect(messages.indexOf("process crashed")).toBeLessThan(messages.indexOf("process will restart"));
  });

  it("is of its own run, whatever its listeners do", () => {
    const { supervisor, processes } = scriptedReplica();
    const records: CrashRecord[] = [];
    supervisor.on("restarting", () => supervisor.retry());
    supervisor.on("crashed", (record) => records.push(record));
    void supervisor.run();
    processes.ends(crash);
    expect(records).toMatchObject([{ life: 1, restarts: 0, nextTry: 0 }]);
  });

  it("is not the kernel's when we ourselves sent the SIGKILL", async () => {
    let asked = 0;
    const { supervisor, clock, log } = scriptedReplica({ wasOutOfMemory: () => ++asked > 0 });
    void supervisor.run();
    const killed = supervisor.kill();
    clock.advance(1);
    await killed;
    expect([asked, log.find(({ message }) => message === "process exited with error")?.fields.error]).toEqual(
      [0, "signal: killed"],
    );
  });

  it("is none when somebody asked for the end", async () => {
    const { supervisor, clock, log } = scriptedReplica();
    void supervisor.run();
    const stopped = supervisor.stop();
    clock.advance(1);
    await stopped;
    expect(log.map(({ message }) => message)).not.toContain("process crashed");
  });
});

it("other rules hold from the next end on", () => {
  const { supervisor, clock, processes } = scriptedReplica();
  void supervisor.run();
  supervisor.adopt(plainRules("never"));
  processes.ends(crash);
  clock.advance(10_000);
  expect([supervisor.state, processes.starts.length]).toEqual(["exited", 1]);
});
