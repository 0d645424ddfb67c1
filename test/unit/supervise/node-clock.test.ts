import { expect, it } from "vitest";
import { nodeClock } from "../../../src/supervise/node-clock.ts";

it("calls back in a later turn, also without a delay, unless that is cancelled", async () => {
  const called: string[] = [];
  nodeClock.after(0, () => called.push("at once"));
  nodeClock.after(0, () => called.push("cancelled")).cancel();
  nodeClock.after(1, () => called.push("cancelled too")).cancel();
  expect(called).toEqual([]);
  await new Promise<void>((resolve) => nodeClock.after(5, resolve));
  expect(called).toEqual(["at once"]);
});

it("lets others have their turn between callbacks that are due at once", async () => {
  let called = 0;
  for (let each = 0; each < 100; each++) nodeClock.after(1, () => called++);
  while (called === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  expect(called).toBeLessThan(100);
});
