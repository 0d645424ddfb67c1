import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatTime, fromNanoseconds, fromUnix, parseTime, utc } from "../../../../src/go/time/index.ts";
import { fixedZone } from "../../../../src/go/time/location.ts";

const at = (seconds: number) => fromUnix(BigInt(seconds), utc);

describe("layouts", () => {
  it.each([
    ["Mon Jan _2 15:04:05 2006", "Sun Sep  9 01:46:40 2001"],
    ["Monday, 02-Jan-06 3:04PM", "Sunday, 09-Sep-01 1:46AM"],
    ["2006-01-02T15:04:05Z07:00", "2001-09-09T01:46:40Z"],
    ["-0700 -07:00 -07 Z0700 MST", "+0000 +00:00 +00 Z UTC"],
    ["002 __2", "252 252"],
    ["1 01 2 02 3 03 4 04 5 05 06", "9 09 9 09 1 01 46 46 40 40 01"],
    ["pm PM", "am AM"],
    ["_2006 _2", "_2001  9"],
    ["January Janet Monday Monkey Jan.", "September Janet Sunday Monkey Sep."],
    ["20060102150405", "20010909014640"],
    ["no digits, é", "no digits, é"],
    ["", ""],
  ])("%s", (layout, expected) => expect(formatTime(at(1_000_000_000), layout)).toBe(expected));

  it.each([
    [".000", ".120"],
    [".999999", ".12"],
    [",000000000", ",120000000"],
    [".9", ".1"],
    [".0x", ".1x"],
    // Digits that go on after the zeros are no fraction: here 01 is the month.
    [".001", ".001"],
  ])("fraction %s", (layout, expected) =>
    expect(formatTime(fromNanoseconds(120_000_000n, utc), layout)).toBe(expected),
  );

  it("writes years beyond four digits, and before the first", () => {
    expect(formatTime(at(253_402_300_800), "2006-01-02")).toBe("10000-01-01");
    expect(formatTime(at(-62_167_219_201), "2006 06")).toBe("-0001 01");
  });

  it("writes offsets of all kinds", () => {
    const instant = fromUnix(0n, fixedZone("", -(5 * 3600 + 30 * 60 + 15)));
    expect(formatTime(instant, "-0700 -07:00 -07 -070000 -07:00:00 Z07:00:00 MST")).toBe(
      "-0530 -05:30 -05 -053015 -05:30:15 -05:30:15 -0530",
    );
    expect(formatTime(fromUnix(0n, fixedZone("XYZ", 3600)), "15 MST")).toBe("01 XYZ");
  });

  it("agrees with Date on the calendar", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
        (date) => {
          const instant = fromNanoseconds(BigInt(date.getTime()) * 1_000_000n, utc);
          expect(formatTime(instant, "2006-01-02T15:04:05.000Z")).toBe(date.toISOString());
        },
      ),
    );
  });

  it("reads back what it wrote", () => {
    const layouts = [
      "Mon Jan _2 15:04:05.999999999 2006",
      "2006-002 03:04:05.000000000 PM",
      "02 January 2006 15:04:05.999999999",
    ];
    fc.assert(
      fc.property(
        fc.bigInt(0n, 250_000_000_000n * 1_000_000_000n),
        fc.constantFrom(...layouts),
        (nanoseconds, layout) => {
          const instant = fromNanoseconds(nanoseconds, utc);
          expect(parseTime(layout, formatTime(instant, layout), utc)).toEqual(instant);
        },
      ),
    );
  });
});
