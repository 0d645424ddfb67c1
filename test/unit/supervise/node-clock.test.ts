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
