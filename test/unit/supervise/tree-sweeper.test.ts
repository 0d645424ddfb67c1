import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { nodeClock } from "../../../src/supervise/node-clock.ts";
import type { Clock, FoundHold } from "../../../src/supervise/ports.ts";
import { linuxProcessTable, type ProcessTable, parseStat } from "../../../src/supervise/process-table.ts";
import { killIfSame, TreeSweeper } from "../../../src/supervise/tree-sweeper.ts";
import { isAlive, processGone } from "../../support/gates.ts";

it("kills by marker and reports what it killed", async () => {
  const marker = `test-${process.pid}:1:1`;
  const child = spawn("sleep", ["86400"], {
    env: { ...process.env, CADDY_SUPERVISOR_ID: marker },
    detached: true,
  });
  const pid = child.pid ?? 0;
  const sweeper = new TreeSweeper(linuxProcessTable, nodeClock);
  const { killed, survivors } = await sweeper.sweep({ marker, leaders: [] });
  expect(killed).toMatchObject([{ pid, name: "sleep" }]);
  expect(survivors).toEqual([]);
  await processGone(pid);
});

it("never signals a bystander who got a number that was ours", async () => {
  const bystander = spawn("sleep", ["86400"], { detached: true });
  const pid = bystander.pid ?? 0;
  const sweeper = new TreeSweeper(linuxProcessTable, nodeClock);
  const result = await sweeper.sweep({ marker: "nobody:1:", leaders: [{ pid, startTime: "1" }] });
  expect(result).toEqual({ killed: [], survivors: [] });
  expect(killIfSame(linuxProcessTable, { pid, startTime: "1" })).toBe(false);
  expect(isAlive(pid)).toBe(true);
  bystander.kill("SIGKILL");
});

it("reads the table once for any number of searches", async () => {
  let passes = 0;
  const table: ProcessTable = {
    ...linuxProcessTable,
    all() {
      passes++;
      return [];
    },
  };
  const sweeper = new TreeSweeper(table, nodeClock);
  await Promise.all(Array.from({ length: 100 }, (_, n) => sweeper.sweep({ marker: `i:${n}:`, leaders: [] })));
  expect(passes).toBe(1);
});

it("does not take a table that cannot be read for an empty one", async () => {
  const marker = `test-${process.pid}:2:1`;
  const child = spawn("sleep", ["86400"], {
    env: { ...process.env, CADDY_SUPERVISOR_ID: marker },
    detached: true,
  });
  let unreadable = 2;
  const table: ProcessTable = {
    ...linuxProcessTable,
    all: () => (unreadable-- > 0 ? undefined : linuxProcessTable.all()),
  };
  const { killed } = await new TreeSweeper(table, nodeClock).sweep({ marker, leaders: [] });
  expect(killed).toMatchObject([{ pid: child.pid }]);
});

it("reads a name with spaces and parentheses in it", () => {
  const stat = "42 (a) b (c) S 1 42 41 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 99887 123";
  expect(parseStat(42, stat)).toEqual({
    pid: 42,
    name: "a) b (c",
    dead: false,
    parent: 1,
    group: 42,
    session: 41,
    startTime: "99887",
  });
});

describe("what is held", () => {
  const marker = `test-${process.pid}.1:3:1`;
  /** On paper: a hold with one process in it, that is empty so many looks after it was killed. */
  function paperHold(of: string, pids: number[], looks: number) {
    const hold = { marker: of, kills: 0, removed: false };
    const found: FoundHold = {
      marker: of,
      pids: () => pids,
      kill: () => {
        hold.kills++;
      },
      remove: () => {
        hold.removed = looks-- <= 0;
        return hold.removed;
      },
    };
    return { hold, holds: { make: () => undefined, list: () => [found] } };
  }

  it("belongs to its marker, whatever it looks like, and the search waits for its end", async () => {
    const child = spawn("sleep", ["86400"], { detached: true });
    const pid = child.pid ?? 0;
    const own = paperHold(marker, [pid], 2);
    const foreign = paperHold(`test-${process.pid}.1:31:1`, [process.ppid], 0);
    const sweeper = new TreeSweeper(linuxProcessTable, nodeClock, [own.holds, foreign.holds]);
    const target = { marker: `test-${process.pid}.1:3:`, leaders: [] };
    const { killed, survivors } = await sweeper.sweep(target);
    expect([killed.map((each) => each.pid), survivors]).toEqual([[pid], []]);
    expect(own.hold).toMatchObject({ removed: true });
    expect(own.hold.kills).toBeGreaterThan(0);
    expect(foreign.hold).toMatchObject({ removed: false, kills: 0 });
    await processGone(pid);
  });

  it("is not taken for nothing when it cannot be read", async () => {
    const { hold, holds } = paperHold(marker, [], 0);
    let unreadable = 2;
    const list = () => (unreadable-- > 0 ? undefined : holds.list());
    const sweeper = new TreeSweeper({ ...linuxProcessTable, all: () => [] }, inNoTime, [{ ...holds, list }]);
    await sweeper.sweep({ marker, leaders: [] });
    expect(hold.removed).toBe(true);
  });

  it("holds nobody up for ever", async () => {
    const { holds } = paperHold(marker, [], Number.POSITIVE_INFINITY);
    const sweeper = new TreeSweeper({ ...linuxProcessTable, all: () => [] }, inNoTime, [holds]);
    expect(await sweeper.sweep({ marker, leaders: [] })).toEqual({ killed: [], survivors: [] });
  });
});

const inNoTime: Clock = {
  now: () => 0,
  after(_, call) {
    queueMicrotask(call);
    return { cancel() {} };
  },
};

it("gives up in bounded time and names what it could not kill", async () => {
  const immortal = {
    pid: 2 ** 22 + 1,
    name: "immortal",
    dead: false,
    parent: 1,
    group: 7,
    session: 7,
    startTime: "1",
  };
  const table: ProcessTable = {
    all: () => [immortal],
    entry: () => immortal,
    environmentValue: () => "i-1:1:1",
  };
  const { killed, survivors } = await new TreeSweeper(table, inNoTime).sweep({
    marker: "i-1:1:",
    leaders: [],
  });
  expect(killed).toEqual([]);
  expect(survivors).toEqual([{ pid: immortal.pid, name: "immortal", startTime: "1" }]);
});
