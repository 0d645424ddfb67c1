import { beforeEach, describe, expect, it } from "vitest";
import { ServiceNotifier } from "../../../src/app/notifier.ts";
import { Logger } from "../../../src/logging/logger.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

let clock: VirtualClock;
let said: string[];
let logged: string[];
beforeEach(() => {
  clock = new VirtualClock();
  said = [];
  logged = [];
});

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const hears = (text: string) => {
  said.push(text);
  return Promise.resolve();
};

function notifier(send: (text: string) => Promise<void> = hears, watchdog?: number): ServiceNotifier {
  const settings = { level: "debug", encoder: ({ message }: { message: string }) => message } as const;
  const log = Logger.to((line) => logged.push(line), settings);
  return new ServiceNotifier({ openSender: () => Promise.resolve(send), watchdog, clock, log });
}

describe("what is said", () => {
  it("is in order, though each message takes its time", async () => {
    const answers: (() => void)[] = [];
    const told = notifier((text) => {
      said.push(text);
      return new Promise((resolve) => answers.push(resolve));
    });
    told.ready("1");
    told.reloading();
    told.reloaded("2");
    await turn();
    expect(said).toEqual(["READY=1\nSTATUS=1"]);
    for (let count = 0; count < 3; count++) {
      answers.shift()?.();
      await turn();
    }
    expect(said.map((text) => text.split("\n")[0])).toEqual(["READY=1", "RELOADING=1", "READY=1"]);
  });

  it("is of a reload nothing before it was ready, nor once it stops", async () => {
    const told = notifier();
    told.reloading();
    told.reloaded("early");
    told.ready("ready");
    told.stopping("stopping", 1_000.5);
    told.reloading();
    told.reloaded("late");
    await told.close();
    expect(said).toEqual([
      "READY=1\nSTATUS=ready",
      "STOPPING=1\nSTATUS=stopping\nEXTEND_TIMEOUT_USEC=3001000",
    ]);
  });

  it("asks for no time when the end comes at once", async () => {
    const told = notifier();
    told.stopping("killed", undefined);
    await told.close();
    expect(said).toEqual(["STOPPING=1\nSTATUS=killed"]);
  });

  it("has a status of one line and of bounded length, whatever an error says", async () => {
    const told = notifier();
    told.ready(`first\nMAINPID=1\r\n${"€".repeat(9_000)}`);
    await told.close();
    expect(said[0]).toMatch(/^READY=1\nSTATUS=first MAINPID=1 €+$/);
    expect(Buffer.byteLength(said[0] ?? "")).toBeLessThan(4_096);
  });
});

describe("the watchdog", () => {
  it("is patted twice in its time, from READY until the end", async () => {
    const told = notifier(hears, 10_000);
    clock.advance(20_000);
    await turn();
    expect(said).toEqual([]);
    told.ready("ready");
    for (let time = 0; time < 4; time++) {
      clock.advance(5_000);
      await turn();
    }
    told.stopping("stopping", 0);
    clock.advance(5_000);
    await turn();
    expect(said.filter((text) => text === "WATCHDOG=1")).toHaveLength(5);
    await told.close();
    clock.advance(20_000);
    expect(said.filter((text) => text === "WATCHDOG=1")).toHaveLength(5);
    expect(clock.pending).toBe(0);
  });

  it("does not pile up before a manager that does not listen", async () => {
    let answer = () => {};
    const told = notifier((text) => {
      said.push(text);
      return new Promise((resolve) => {
        answer = resolve;
      });
    }, 10_000);
    told.ready("ready");
    await turn();
    clock.advance(1_000_000);
    for (let count = 0; count < 10; count++) {
      answer();
      await turn();
    }
    expect(said).toEqual(["READY=1\nSTATUS=ready", "WATCHDOG=1"]);
  });

  it("keeps no timer when nobody asks for it", () => {
    notifier().ready("ready");
    expect(clock.pending).toBe(0);
  });
});

describe("a manager that cannot be told", () => {
  it("is named once in the log, and tried again with the next message", async () => {
    let works = false;
    const told = notifier((text) => (works ? hears(text) : Promise.reject(new Error("refused"))));
    told.ready("1");
    told.reloading();
    await turn();
    works = true;
    told.reloaded("2");
    await told.close();
    expect(logged).toEqual(["the service manager cannot be told"]);
    expect(said).toEqual(["READY=1\nSTATUS=2"]);
  });

  it("holds up our end for a second only", async () => {
    const told = notifier(() => new Promise(() => {}));
    told.stopping("stopping", 0);
    await turn();
    let isClosed = false;
    const closed = told.close().then(() => {
      isClosed = true;
    });
    clock.advance(999);
    await turn();
    expect(isClosed).toBe(false);
    clock.advance(1);
    await closed;
    expect(clock.pending).toBe(0);
  });
});
