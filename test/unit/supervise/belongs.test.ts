import { describe, expect, it } from "vitest";
import { membersOf, type SweepTarget } from "../../../src/supervise/belongs.ts";
import { instanceMarker, lifeMarker, replicaMarker, runMarker } from "../../../src/supervise/marker.ts";
import { paperTable } from "../../support/paper-table.ts";

const pidsOf = (
  target: SweepTarget,
  table: ReturnType<typeof paperTable>,
  others: readonly SweepTarget[] = [],
) =>
  membersOf([target, ...others], table, table.all() ?? [])
    .get(target)
    ?.map(({ pid }) => pid);

const leader = { pid: 100, startTime: "7" };

describe("membersOf", () => {
  it("finds the session, the group, the marked and their descendants", () => {
    const table = paperTable([
      { pid: 100, session: 100, group: 100, startTime: "7" },
      { pid: 101, session: 100, group: 101 },
      { pid: 102, session: 102, group: 102, environment: { CADDY_SUPERVISOR_ID: "i-1:1:1" } },
      { pid: 103, session: 103, group: 103, parent: 102 },
      { pid: 104, session: 104, group: 104, parent: 103 },
      { pid: 200, session: 200, group: 200, environment: { CADDY_SUPERVISOR_ID: "i-1:2:1" } },
      { pid: 300, session: 300, group: 300 },
    ]);
    expect(pidsOf({ marker: replicaMarker("i-1", "1"), leaders: [leader] }, table)).toEqual([
      100, 101, 102, 103, 104,
    ]);
  });

  it("leaves a stranger alone who got the leader's number, and whoever belongs to the stranger", () => {
    const table = paperTable([
      { pid: 100, session: 100, group: 100, startTime: "9" },
      { pid: 101, session: 100, group: 100 },
    ]);
    expect(pidsOf({ marker: replicaMarker("i-1", "1"), leaders: [leader] }, table)).toEqual([]);
  });

  it("finds the session of a leader that is gone", () => {
    const table = paperTable([{ pid: 101, session: 100, group: 100 }]);
    expect(pidsOf({ marker: replicaMarker("i-1", "1"), leaders: [leader] }, table)).toEqual([101]);
  });

  it("reads no environment that is too old to hold a marker, and still finds all others", () => {
    const marked = { CADDY_SUPERVISOR_ID: "i-1:1:1" };
    const table = paperTable([
      { pid: 101, startTime: "99", environment: marked },
      { pid: 102, startTime: "100", environment: marked },
      { pid: 103, startTime: "1000", environment: marked },
      { pid: 104, startTime: "9", session: 100 },
    ]);
    const read: number[] = [];
    const watched = {
      ...table,
      environmentValue: (pid: number, name: string) => {
        read.push(pid);
        return table.environmentValue(pid, name);
      },
    };
    const target = { marker: lifeMarker("i-1", "1", 1), leaders: [leader] };
    const found = membersOf([target], watched, table.all() ?? [], new Map(), "100").get(target);
    expect(found?.map(({ pid }) => pid)).toEqual([102, 103, 104]);
    expect(read).toEqual([102, 103]);
  });

  it("tells life 1 from life 10", () => {
    const table = paperTable([
      { pid: 101, environment: { CADDY_SUPERVISOR_ID: "i-1:1:1" } },
      { pid: 102, environment: { CADDY_SUPERVISOR_ID: "i-1:1:10" } },
    ]);
    expect(pidsOf({ marker: lifeMarker("i-1", "1", 1), leaders: [] }, table)).toEqual([101]);
  });

  it("tells one run of an instance from the next, and knows all of them", () => {
    const table = paperTable([
      { pid: 101, environment: { CADDY_SUPERVISOR_ID: "i-1:1:1" } },
      { pid: 102, environment: { CADDY_SUPERVISOR_ID: "i-2:1:1" } },
      { pid: 103, environment: { CADDY_SUPERVISOR_ID: "other-1:1:1" } },
    ]);
    expect(pidsOf({ marker: runMarker("i-1"), leaders: [] }, table)).toEqual([101]);
    expect(pidsOf({ marker: instanceMarker("i"), leaders: [] }, table)).toEqual([101, 102]);
  });

  it("gives a process to every target that it falls under", () => {
    const table = paperTable([{ pid: 101, environment: { CADDY_SUPERVISOR_ID: "i-1:1:1" } }]);
    const life = { marker: lifeMarker("i-1", "1", 1), leaders: [] };
    const replica = { marker: replicaMarker("i-1", "1"), leaders: [] };
    expect([pidsOf(life, table, [replica]), pidsOf(replica, table, [life])]).toEqual([[101], [101]]);
  });

  it("passes over zombies and over ourselves, and ends on a cycle of parents", () => {
    const table = paperTable([
      { pid: 101, session: 100, dead: true },
      { pid: process.pid, session: 100 },
      { pid: 500, parent: 501 },
      { pid: 501, parent: 500 },
    ]);
    expect(pidsOf({ marker: replicaMarker("i-1", "1"), leaders: [leader] }, table)).toEqual([]);
  });
});

describe("orphans that we inherited", () => {
  const table = paperTable([
    { pid: 400, session: 400, group: 400, parent: process.pid },
    { pid: 401, session: 401, group: 401, parent: 400 },
    {
      pid: 402,
      session: 402,
      group: 402,
      parent: process.pid,
      environment: { CADDY_SUPERVISOR_ID: "guard" },
    },
    {
      pid: 403,
      session: 403,
      group: 403,
      parent: process.pid,
      environment: { CADDY_SUPERVISOR_ID: "x-1:1:1" },
    },
    { pid: 404, session: 404, group: 404, parent: 1 },
  ]);

  it("belong to who asks for them, unless they are marked for somebody else", () => {
    expect(pidsOf({ marker: runMarker("i-1"), leaders: [], adopted: true }, table)).toEqual([400, 401]);
  });

  it("belong to no replica", () => {
    expect(pidsOf({ marker: replicaMarker("i-1", "1"), leaders: [] }, table)).toEqual([]);
  });
});
