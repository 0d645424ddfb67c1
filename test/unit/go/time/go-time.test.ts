import { describe, expect, it } from "vitest";
import { duration } from "../../../../src/go/duration-type.ts";
import { printed, sprintf } from "../../../../src/go/fmt/index.ts";
import { goTime, localLocation, parseTime, utc } from "../../../../src/go/time/index.ts";
import {
  Budget,
  deepEqual,
  findMethod,
  type GoContext,
  type GoValue,
} from "../../../../src/go/values/index.ts";

const context: GoContext = { env: new Map(), now: () => 0n, timeZone: "UTC", budget: new Budget() };
const time = (text: string, location = utc) => goTime(parseTime("2006-01-02 15:04:05", text, location));

function method(value: GoValue, name: string, ...args: readonly GoValue[]): string {
  const found = findMethod(value, name);
  if (!found) throw new Error(`no method ${name}`);
  return printed(found.method.call(found.receiver, args, context));
}

const moment = time("2020-01-31 13:14:15.678");

describe("time.Time", () => {
  it.each([
    ["Year", "2020"],
    ["Month", "January"],
    ["Day", "31"],
    ["Weekday", "Friday"],
    ["YearDay", "31"],
    ["Hour", "13"],
    ["Nanosecond", "678000000"],
    ["Unix", "1580476455"],
    ["UnixMilli", "1580476455678"],
    ["UnixNano", "1580476455678000000"],
    ["IsZero", "false"],
    ["String", "2020-01-31 13:14:15.678 +0000 UTC"],
    ["GoString", "time.Date(2020, time.January, 31, 13, 14, 15, 678000000, time.UTC)"],
    ["Location", "UTC"],
  ])("%s", (name, expected) => expect(method(moment, name)).toBe(expected));

  it("moves", () => {
    expect(method(moment, "Add", duration(-3_600_000_000_000n))).toBe("2020-01-31 12:14:15.678 +0000 UTC");
    expect(method(moment, "AddDate", 0n, 1n, 0n)).toBe("2020-03-02 13:14:15.678 +0000 UTC");
    expect(method(moment, "Truncate", duration(60_000_000_000n))).toBe("2020-01-31 13:14:00 +0000 UTC");
    expect(method(moment, "Round", duration(1_000_000_000n))).toBe("2020-01-31 13:14:16 +0000 UTC");
    expect(method(moment, "Sub", time("2020-01-31 12:14:15.678"))).toBe("1h0m0s");
    expect(method(moment, "Sub", time("0001-01-01 00:00:00"))).toBe("2562047h47m16.854775807s");
  });

  it("compares", () => {
    const later = time("2021-01-01 00:00:00");
    expect(method(moment, "Before", later)).toBe("true");
    expect(method(moment, "After", later)).toBe("false");
    expect(method(moment, "Compare", later)).toBe("-1");
    expect(method(moment, "Equal", time("2020-01-31 13:14:15.678", localLocation("UTC")))).toBe("true");
    expect(deepEqual(moment, time("2020-01-31 13:14:15.678"))).toBe(true);
    expect(deepEqual(moment, later)).toBe(false);
  });

  it("prints by its own methods", () => {
    expect(printed(moment)).toBe("2020-01-31 13:14:15.678 +0000 UTC");
    expect(sprintf("%#v", [time("2020-01-01 00:00:00", localLocation("UTC"))])).toBe(
      "time.Date(2020, time.January, 1, 0, 0, 0, 0, time.Local)",
    );
  });

  it("has no text where RFC 3339 has none", () => {
    const far = goTime({ seconds: 253_402_300_800n, nanoseconds: 0, location: utc });
    expect(() => method(far, "MarshalJSON")).toThrow("Time.MarshalJSON: year outside of range [0,9999]");
  });
});
