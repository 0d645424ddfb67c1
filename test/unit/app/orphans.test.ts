import { expect, it } from "vitest";
import { Orphans } from "../../../src/app/orphans.ts";
import { openStarter } from "../../../src/supervise/native-starter.ts";
import { linuxProcessTable as table } from "../../../src/supervise/process-table.ts";
import { TreeSweeper } from "../../../src/supervise/tree-sweeper.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

it("leaves the end of what we have started to those who wait for it, however long that takes", async () => {
  const clock = new VirtualClock();
  const orphans = await Orphans.adopt({ clock, table, sweeper: new TreeSweeper(table, clock) });
  const starter = await openStarter();
  const program = { file: "/bin/true", argv: ["true"], env: {}, dir: undefined, ids: {} };
  const pids: number[] = [];
  const ends = Array.from(
    { length: 3 },
    () =>
      new Promise((onEnded, onFailed) => {
        const listener = { onEnded, onFailed, onReaped() {} };
        pids.push(starter.start({ ...program, stdout: "ignore", stderr: "ignore" }, listener) ?? 0);
      }),
  );
  // Nobody hears of them meanwhile, as when a thousand ends come before theirs.
  while (!pids.every((pid) => table.entry(pid)?.dead));
  clock.advance(60_000);
  expect(pids.map((pid) => table.entry(pid)?.dead)).toEqual([true, true, true]);
  expect(await Promise.all(ends)).toEqual([{ code: 0 }, { code: 0 }, { code: 0 }]);
  orphans?.stop();
});
