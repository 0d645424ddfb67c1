import { describe, expect, it } from "vitest";
import { stringLayout } from "../../../../src/go/time/format-time.ts";
import { formatTime, parseTime, utc } from "../../../../src/go/time/index.ts";
import { fixedZone } from "../../../../src/go/time/location.ts";

const read = (layout: string, text: string, location = utc) =>
  formatTime(parseTime(layout, text, location), stringLayout);

describe("reading times", () => {
  it.each([
    ["2006-01-02", "2020-02-29", "2020-02-29 00:00:00 +0000 UTC"],
    ["Jan _2 2006", "feb  3 2009", "2009-02-03 00:00:00 +0000 UTC"],
    ["3:04PM", "12:00AM", "0000-01-01 00:00:00 +0000 UTC"],
    ["3:04pm", "11:59pm", "0000-01-01 23:59:00 +0000 UTC"],
    ["15:04:05", "01:02:03.5", "0000-01-01 01:02:03.5 +0000 UTC"],
    ["05.000", "07,120", "0000-01-01 00:00:07.12 +0000 UTC"],
    ["2006-002", "2020-366", "2020-12-31 00:00:00 +0000 UTC"],
    ["06", "69", "1969-01-01 00:00:00 +0000 UTC"],
    ["06", "68", "2068-01-01 00:00:00 +0000 UTC"],
    ["2006  01", "2020     05", "2020-05-01 00:00:00 +0000 UTC"],
    ["2006-01-02T15:04:05Z07:00", "2020-01-02T03:04:05+02:00", "2020-01-02 03:04:05 +0200 +0200"],
    ["2006 MST", "2020 PST", "2020-01-01 00:00:00 +0000 PST"],
    ["2006 MST", "2020 GMT+3", "2020-01-01 03:00:00 +0300 GMT+3"],
    ["2006 MST", "2020 UTC", "2020-01-01 00:00:00 +0000 UTC"],
  ])("%s of %s", (layout, text, expected) => expect(read(layout, text)).toBe(expected));

  it("takes the location's own zone where the offset fits", () => {
    const place = fixedZone("CET", 3600);
    expect(read("2006 -0700", "2020 +0100", place)).toBe("2020-01-01 00:00:00 +0100 CET");
    expect(read("2006 MST", "2020 CET", place)).toBe("2020-01-01 00:00:00 +0100 CET");
    expect(read("2006", "2020", place)).toBe("2020-01-01 00:00:00 +0100 CET");
  });

  it.each([
    ["2006-01-02", "2020-02-30", ": day out of range"],
    ["2006-01-02", "2020-13-01", ": month out of range"],
    ["15:04", "24:00", ": hour out of range"],
    ["15:04", "23:60", ": minute out of range"],
    ["05", "60", ": second out of range"],
    ["2006-002", "2021-366", ": day-of-year out of range"],
    ["2006-002 01", "2020-032 03", ": day-of-year does not match month"],
    ["2006-01-02 002", "2020-02-02 032", ": day-of-year does not match day"],
    ["-0700", "+2500", ": time zone offset hour out of range"],
    ["2006", "2020x", ': extra text: "x"'],
    ["2006-01-02", "2020-1-02", ' as "2006-01-02": cannot parse "1-02" as "01"'],
    ["2006-01-02", "2020/01/02", ' as "2006-01-02": cannot parse "/01/02" as "-"'],
    ["Mon 2006", "Xyz 2009", ' as "Mon 2006": cannot parse "Xyz 2009" as "Mon"'],
    ["2006 MST", "2020 xx", ' as "2006 MST": cannot parse "xx" as "MST"'],
    ["-07:00", "+0530", ' as "-07:00": cannot parse "+0530" as "-07:00"'],
    ["05.000", "07.12", ' as "05.000": cannot parse ".12" as ".000"'],
    ["15", "\x01\xe9", ' as "15": cannot parse "\\x01\\xe9" as "15"'],
    ['2006"', "2020\\", ' as "2006\\"": cannot parse "\\\\" as "\\""'],
  ])("%s of %j", (layout, text, problem) => {
    const quoted = `"${text.replaceAll("\\", "\\\\").replaceAll("\x01\xe9", "\\x01\\xe9")}"`;
    expect(() => read(layout, text)).toThrow(`parsing time ${quoted}${problem}`);
  });
});
