import { describe, expect, it } from "vitest";
import { nextStart } from "../../../src/supervise/backoff.ts";

const crash = { clean: false, uptime: 5 };
const clean = { clean: true, uptime: 5 };

describe("nextStart", () => {
  it("doubles from 0 over 1 s to 5 min", () => {
    const waits: number[] = [];
    let delay = 0;
    for (let run = 0; run < 12; run++) {
      const next = nextStart(crash, delay);
      waits.push(next.wait / 1000);
      delay = next.delay;
    }
    expect(waits).toEqual([0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  it("forgets failures after a run of exactly 10 min, not before", () => {
    expect(nextStart({ clean: false, uptime: 600_000 }, 64_000)).toMatchObject({
      wait: 0,
      delay: 1_000,
      reset: true,
    });
    expect(nextStart({ clean: false, uptime: 599_999 }, 64_000)).toMatchObject({
      wait: 64_000,
      reset: false,
    });
  });

  it("does not report a reset when there was nothing to forget", () => {
    expect(nextStart({ clean: false, uptime: 600_000 }, 0).reset).toBe(false);
  });

  it("keeps two starts 1 s apart after a clean exit and leaves the crash delay alone", () => {
    expect(nextStart(clean, 8_000)).toEqual({ wait: 995, reason: "spacing", delay: 8_000, reset: false });
    expect(nextStart({ clean: true, uptime: 1_000 }, 8_000).wait).toBe(0);
    expect(nextStart({ clean: true, uptime: 60_000 }, 0).wait).toBe(0);
  });
});
