import { existsSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatTime,
  fromUnix,
  loadLocation,
  localLocation,
  parseTime,
  utc,
} from "../../../../src/go/time/index.ts";
import { omega } from "../../../../src/go/time/location.ts";
import { parsePosixRule, spanOfRule } from "../../../../src/go/time/posix-rule.ts";
import { parseTzif } from "../../../../src/go/time/tzif.ts";

// The system's zone data come in a package (tzdata) that small images leave out.
const hasZones = existsSync("/usr/share/zoneinfo/Europe/Berlin");

function inZone(seconds: number, name: string): string {
  const location = loadLocation(name, utc);
  if (!location) throw new Error(`no zone ${name}`);
  return formatTime(fromUnix(BigInt(seconds), location), "2006-01-02 15:04:05 -0700 MST");
}

describe.skipIf(!hasZones)("the system's zones", () => {
  it.each([
    [1_711_846_799, "Europe/Berlin", "2024-03-31 01:59:59 +0100 CET"],
    [1_711_846_800, "Europe/Berlin", "2024-03-31 03:00:00 +0200 CEST"],
    // Past the last change in the file its rule goes on.
    [2_500_000_000, "Europe/Berlin", "2049-03-22 05:26:40 +0100 CET"],
    [2_515_000_000, "America/New_York", "2049-09-11 15:06:40 -0400 EDT"],
    [2_500_000_000, "Australia/Sydney", "2049-03-22 15:26:40 +1100 AEDT"],
    [2_515_000_000, "Australia/Sydney", "2049-09-12 05:06:40 +1000 AEST"],
    [1_720_000_000, "Europe/Dublin", "2024-07-03 10:46:40 +0100 IST"],
    [0, "Asia/Kolkata", "1970-01-01 05:30:00 +0530 IST"],
    [0, "Etc/GMT+5", "1969-12-31 19:00:00 -0500 -05"],
    [-4_000_000_000, "Europe/Berlin", "1843-03-31 17:46:48 +0053 LMT"],
  ])("%d in %s", (seconds, zone, expected) => expect(inZone(seconds, zone)).toBe(expected));

  it("agree with the engine's own data", () => {
    const zones = [
      "Europe/Berlin",
      "America/New_York",
      "Asia/Kolkata",
      "Australia/Sydney",
      "America/St_Johns",
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_600_000_000 }),
        fc.constantFrom(...zones),
        (seconds, timeZone) => {
          const parts = new Intl.DateTimeFormat("sv-SE", {
            timeZone,
            dateStyle: "short",
            timeStyle: "medium",
          });
          expect(inZone(seconds, timeZone).slice(0, 19)).toBe(parts.format(seconds * 1000));
        },
      ),
    );
  });

  it("read local times in the gap and the overlap as Go does", () => {
    const berlin = localLocation("Europe/Berlin");
    const seconds = (text: string) => parseTime("2006-01-02 15:04", text, berlin).seconds;
    expect(seconds("2024-03-31 02:30")).toBe(1_711_848_600n);
    expect(seconds("2024-10-27 02:30")).toBe(1_729_992_600n);
  });
});

describe("names", () => {
  it("are relative paths; Local is the caller's", () => {
    const local = localLocation("UTC");
    expect(loadLocation("", local)).toBe(utc);
    expect(loadLocation("Local", local)).toBe(local);
    for (const name of ["../etc/passwd", "/etc/localtime", "\\x", "No/Such"])
      expect(loadLocation(name, local)).toBeUndefined();
    expect(local).not.toBe(utc);
    expect(localLocation("No/Such").lookup(0n).name).toBe("UTC");
  });
});

describe("TZif", () => {
  it("must be whole", () => {
    expect(parseTzif("x", Buffer.from(""))).toBeUndefined();
    expect(parseTzif("x", Buffer.from("TZif2"))).toBeUndefined();
    expect(parseTzif("x", Buffer.concat([Buffer.from("TZif2"), Buffer.alloc(200)]))).toBeUndefined();
  });
});

describe("POSIX rules", () => {
  const zoneAt = (rule: string, seconds: number) => {
    const parsed = parsePosixRule(rule);
    return parsed && spanOfRule(parsed, 0n, BigInt(seconds), omega);
  };

  it.each([
    ["UTC0", 0, "UTC", 0],
    ["<+03>-3", 0, "+03", 10_800],
    ["EST5EDT", 1_720_000_000, "EDT", -14_400],
    ["EST5EDT,M3.2.0,M11.1.0", 1_700_000_000, "EST", -18_000],
    ["IST-1GMT0,M10.5.0,M3.5.0/1", 1_720_000_000, "IST", 3600],
    ["CET-1CEST,J60,J300/3", 1_711_846_799, "CEST", 7200],
    ["CET-1CEST,0,364/25", 1_720_000_000, "CEST", 7200],
  ])("%s", (rule, seconds, name, offset) => expect(zoneAt(rule, seconds)).toMatchObject({ name, offset }));

  it.each(["", "AB3", "EST", "EST5EDT,M13.1.0,M1.1.0", "EST5EDT,M3.2.0", "EST200", "CET-1CEST,J0,J1"])(
    "%j is none",
    (rule) => expect(parsePosixRule(rule)).toBeUndefined(),
  );
});
