import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { inTime } from "../../../src/output/in-time.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

it("waits for the work, and then for nothing", async () => {
  await inTime(Promise.resolve(), 5_000);
  expect(vi.getTimerCount()).toBe(0);
  await expect(inTime(Promise.reject(new Error("broken")), 5_000)).rejects.toThrow("broken");
  expect(vi.getTimerCount()).toBe(0);
});

it("gives up when its time is over", async () => {
  const waiting = inTime(new Promise(() => {}), 5_000);
  await vi.advanceTimersByTimeAsync(5_000);
  await waiting;
  expect(vi.getTimerCount()).toBe(0);
});
