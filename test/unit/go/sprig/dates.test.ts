import { describe, expect, it } from "vitest";
import { duration } from "../../../../src/go/duration-type.ts";
import { sprigFunctions } from "../../../../src/go/sprig/index.ts";
import { int64 } from "../../../../src/go/values/index.ts";
import { call, callValue, context } from "./call.ts";

describe("dates", () => {
  it("come from times, ints and int64s; all else is now", () => {
    expect(call("date", "2006-01-02", 86400)).toBe("1970-01-02");
    expect(call("date", "2006-01-02", int64(86400))).toBe("1970-01-02");
    expect(call("date", "2006-01-02", 86400.5)).toBe("2026-11-24");
    expect(call("htmlDate", null)).toBe("2026-11-24");
    expect(call("htmlDateInZone", 0, "America/Los_Angeles")).toBe("1969-12-31");
    expect(call("date_in_zone", "15:04", 0, "No/Such")).toBe("00:00");
    expect(call("now")).toBe("2026-11-24 02:00:00 +0000 UTC");
  });

  it("parse, or are the zero time", () => {
    expect(call("toDate", "2006-01-02", "bad")).toBe("0001-01-01 00:00:00 +0000 UTC");
    expect(() => call("mustToDate", "2006-01-02", "2020-02-30")).toThrow(
      'parsing time "2020-02-30": day out of range',
    );
    expect(call("unixEpoch", callValue("toDate", "2006", "1969"))).toBe("-31536000");
  });

  it("move by durations, or not at all", () => {
    const day = callValue("toDate", "2006-01-02", "2020-02-28");
    expect(call("dateModify", "-1.5h", day)).toBe("2020-02-27 22:30:00 +0000 UTC");
    expect(call("date_modify", "1d", day)).toBe("2020-02-28 00:00:00 +0000 UTC");
    expect(() => call("mustDateModify", "1d", day)).toThrow('time: unknown unit "d" in duration "1d"');
  });

  it("follow the local zone of the caller", () => {
    const entry = sprigFunctions.get("date");
    expect(entry?.call(["15:04 MST", 0n], { ...context, timeZone: "Asia/Tokyo" })).toBe("09:00 JST");
  });
});

describe("durations", () => {
  it("since a date, in whole seconds", () => {
    expect(call("ago", 1_795_485_600 - 90)).toBe("1m30s");
    expect(call("ago", "x")).toBe("0s");
    expect(call("ago", callValue("toDate", "2006", "0001"))).toBe("2562047h47m16.854775807s");
  });

  it.each([
    ["61", "1m1s"],
    ["x", "0s"],
    ["99999999999999999999", "-1s"],
    [61, "0s"],
    [int64(61), "1m1s"],
  ])("of seconds, case %#", (value, expected) => expect(call("duration", value)).toBe(expected));

  it.each([
    ["1h", "60m"],
    ["1h1ns", "1h"],
    ["-2h", "2h"],
    ["24h1s", "1d"],
    ["2400h", "3mo"],
    ["9000h", "1y"],
    ["1s", "0s"],
    ["bad", "0s"],
    [int64(1_500_000_000), "1s"],
    [duration(3_600_000_000_001n), "0s"],
  ])("rounds, case %#", (value, expected) => expect(call("durationRound", value)).toBe(expected));
});
