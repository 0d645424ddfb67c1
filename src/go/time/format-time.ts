import { dayOfYear, monthNames, weekdayNames } from "./calendar.ts";
import { type ClockReading, type Instant, readClock } from "./instant.ts";
import { type LayoutElement, layoutPieces, offsetStyle } from "./layout.ts";

/** The layout of Time.String. */
export const stringLayout = "2006-01-02 15:04:05.999999999 -0700 MST";
/** RFC 3339 with as many fractional digits as needed, as JSON has it. */
export const rfc3339Nano = "2006-01-02T15:04:05.999999999Z07:00";

/** Digits padded with zeros; the sign does not count (Go's time.appendInt). */
function padded(value: number, width: number): string {
  return value < 0 ? `-${padded(-value, width)}` : String(value).padStart(width, "0");
}

function hour12(hour: number): number {
  return hour % 12 || 12;
}

const monthName = (clock: ClockReading) => monthNames[clock.month - 1] as string;
const weekdayName = (clock: ClockReading) => weekdayNames[clock.weekday] as string;
const meridiem = (clock: ClockReading) => (clock.hour >= 12 ? "PM" : "AM");

/** An offset's hours, minutes and seconds. Minutes are cut towards zero first, as Go does. */
function formatOffset(offset: number, text: string): string {
  const style = offsetStyle(text);
  if (style.zuluForUtc && offset === 0) return "Z";
  const minutes = Math.trunc(Math.abs(offset) / 60);
  const parts = [Math.trunc(minutes / 60), minutes % 60, Math.abs(offset) % 60].slice(0, style.parts);
  const sign = offset < 0 && minutes > 0 ? "-" : "+";
  return sign + parts.map((part) => padded(part, 2)).join(style.colons ? ":" : "");
}

function formatFraction(nanoseconds: number, text: string): string {
  const digits = padded(nanoseconds, 9).slice(0, text.length - 1);
  const shown = text[1] === "9" ? digits.replace(/0+$/, "") : digits;
  return text[1] === "9" && shown === "" ? "" : (text[0] as string) + shown;
}

const formatters: Readonly<
  Record<LayoutElement, (clock: ClockReading, text: string, nanoseconds: number) => string>
> = {
  longMonth: monthName,
  month: (clock) => monthName(clock).slice(0, 3),
  numericMonth: (clock) => padded(clock.month, 0),
  zeroMonth: (clock) => padded(clock.month, 2),
  longWeekday: weekdayName,
  weekday: (clock) => weekdayName(clock).slice(0, 3),
  day: (clock) => padded(clock.day, 0),
  underDay: (clock) => String(clock.day).padStart(2),
  zeroDay: (clock) => padded(clock.day, 2),
  underYearDay: (clock) => String(dayOfYear(clock)).padStart(3),
  zeroYearDay: (clock) => padded(dayOfYear(clock), 3),
  hour: (clock) => padded(clock.hour, 2),
  hour12: (clock) => padded(hour12(clock.hour), 0),
  zeroHour12: (clock) => padded(hour12(clock.hour), 2),
  minute: (clock) => padded(clock.minute, 0),
  zeroMinute: (clock) => padded(clock.minute, 2),
  second: (clock) => padded(clock.second, 0),
  zeroSecond: (clock) => padded(clock.second, 2),
  longYear: (clock) => padded(clock.year, 4),
  year: (clock) => padded(Math.abs(clock.year) % 100, 2),
  upperMeridiem: meridiem,
  lowerMeridiem: (clock) => meridiem(clock).toLowerCase(),
  zoneName: ({ zone }) => zone.name || formatOffset(zone.offset, "-0700"),
  offset: ({ zone }, text) => formatOffset(zone.offset, text),
  fraction: (_, text, nanoseconds) => formatFraction(nanoseconds, text),
};

/**
 * Writes an instant in a Go layout (Time.Format).
 *
 * @param layout Byte string; what is no element of the reference time is copied.
 * @example formatTime(fromUnix(0n, utc), "Mon 2 Jan 2006") // "Thu 1 Jan 1970"
 */
export function formatTime(instant: Instant, layout: string): string {
  const clock = readClock(instant);
  const { pieces, tail } = layoutPieces(layout);
  return (
    pieces
      .map(({ literal, element, text }) => literal + formatters[element](clock, text, instant.nanoseconds))
      .join("") + tail
  );
}
