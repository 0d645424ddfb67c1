import { expect, it } from "vitest";
import { explain, period } from "../../../../src/app/control/why.ts";
import type { Replica } from "../../../../src/app/replica.ts";

it.each([
  [0, "0s"],
  [49, "0s"],
  [3_240, "3.2s"],
  [59_940, "59.9s"],
  [60_000, "1m0s"],
  [3_661_000, "1h1m"],
  [200_000_000, "2d7h"],
])("%d ms is %s", (milliseconds, text) => expect(period(milliseconds)).toBe(text));

it("a replica that is yet to be started is not said to have been stopped", () => {
  const supervisor = { state: "idle", lastEnd: undefined };
  const replica = { plan: { name: "x", options: { replica: 0 } }, supervisor } as unknown as Replica;
  expect(explain(replica, true).sentences).toEqual([
    "x:0 is not running: its turn to be started has not come yet",
  ]);
  expect(explain(replica, false).sentences[0]).toContain("it was stopped, and stays down");
});
