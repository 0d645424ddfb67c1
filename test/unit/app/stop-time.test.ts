import { describe, expect, it } from "vitest";
import { longestStop, stopTimeWarning } from "../../../src/app/stop-time.ts";
import type { Definition } from "../../../src/config/definition.ts";
import { planReplicas } from "../../../src/config/options.ts";
import { slowestStop } from "../../../src/config/slowest-stop.ts";

const slowest = (...definitions: Definition[]) =>
  slowestStop(definitions.flatMap((definition) => planReplicas(definition)));

describe("the slowest stop", () => {
  it.each<[string, Omit<Definition, "command">, number]>([
    ["the default grace period", {}, 10_000],
    ["another grace period", { terminationGracePeriod: "1m30s" }, 90_000],
    ["no grace period", { terminationGracePeriod: "0" }, 0],
    ["a negative grace period", { terminationGracePeriod: "-1s" }, 0],
    [
      "several signals",
      {
        stopSignals: [
          { signal: "SIGTERM", wait: "20s" },
          { signal: "SIGQUIT", wait: "5s" },
        ],
      },
      25_000,
    ],
    ["a stop command before the signal", { stopCommand: ["true"], terminationGracePeriod: "3s" }, 6_000],
  ])("sums up %s", (_name, definition, wait) => {
    expect(slowest({ command: ["a", "b"], ...definition })).toEqual({ wait, command: ["a", "b"] });
  });

  it("is the longest of all, not their sum", () => {
    const definitions: Definition[] = ["5s", "30s", "10s"].map((terminationGracePeriod) => ({
      command: [terminationGracePeriod],
      terminationGracePeriod,
      replicas: 3,
    }));
    expect(slowest(...definitions)).toEqual({ wait: 30_000, command: ["30s"] });
  });

  it("is none without replicas", () => {
    expect(slowest({ command: ["a"], replicas: 0 })).toBeUndefined();
  });
});

describe("a stop", () => {
  const replica = { wait: 10_000, command: ["php-fpm", "-F"] };

  it("takes Caddy's 4 s first, then the slowest replica", () => {
    expect(longestStop(replica, true)).toBe(14_000);
    expect(longestStop(replica, false)).toBe(10_000);
    expect(longestStop(undefined, true)).toBe(4_000);
    expect(longestStop(undefined, false)).toBe(0);
  });

  it("is warned of when it may take longer than it is given", () => {
    expect(stopTimeWarning(replica, true, 14_000)).toBeUndefined();
    expect(stopTimeWarning(replica, true, 13_999.5)).toBe(
      "a stop may take 14s (4s for Caddy, then 10s for 'php-fpm -F'), longer than --stop-timeout 13.9995s: what is left then is killed",
    );
    expect(stopTimeWarning(undefined, true, 1_000)).toBe(
      "a stop may take 4s (4s for Caddy), longer than --stop-timeout 1s: what is left then is killed",
    );
  });
});
