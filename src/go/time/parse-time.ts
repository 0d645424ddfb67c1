import { daysBeforeMonth, daysInMonth, isLeapYear, monthNames, weekdayNames } from "./calendar.ts";
import { type DateFields, fromClock, type Instant } from "./instant.ts";
import { type LayoutElement, type LayoutPiece, layoutPieces, offsetStyle } from "./layout.ts";
import { fixedZone, type Location, utc } from "./location.ts";
import { zoneNameLength } from "./zone-name.ts";

/** A text that does not fit its layout; the message is Go's time.ParseError. */
export class TimeParseError extends Error {
  override get name(): string {
    return "TimeParseError";
  }
}

/** Bytes outside printable ASCII as \xNN: what the time package quotes with instead of strconv. */
function quote(text: string): string {
  const escaped = text
    .replaceAll(/["\\]/g, "\\$&")
    .replaceAll(/[^ -\x7f]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return `"${escaped}"`;
}

/** The element at hand does not stand in the text. */
class Mismatch extends Error {}
/** It stands there but no clock shows it; the message names the field. */
class OutOfRange extends Error {}

interface Fields {
  year: number;
  month?: number;
  day?: number;
  yearDay?: number;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  meridiem?: "AM" | "PM";
  isUtc?: boolean;
  offset?: number;
  zoneName?: string;
}

/** The part of the text not yet read. */
class Reader {
  rest: string;

  constructor(text: string) {
    this.rest = text;
  }

  take(length: number): string {
    if (this.rest.length < length) throw new Mismatch();
    const taken = this.rest.slice(0, length);
    this.rest = this.rest.slice(length);
    return taken;
  }

  takeMatch(pattern: RegExp): string {
    const match = pattern.exec(this.rest);
    if (!match) throw new Mismatch();
    return this.take(match[0].length);
  }

  /** One or two digits, or exactly two. */
  takeNumber(exactlyTwo: boolean): number {
    return Number(this.takeMatch(exactlyTwo ? /^\d\d/ : /^\d\d?/));
  }

  /** One of the names, whatever its case; its index. */
  takeName(names: readonly string[]): number {
    const index = names.findIndex(
      (name) => this.rest.slice(0, name.length).toLowerCase() === name.toLowerCase(),
    );
    this.take(names[index]?.length ?? Number.POSITIVE_INFINITY);
    return index;
  }

  /** Literal text of the layout; a run of spaces stands for any number of them (time.skip). */
  skip(literal: string): void {
    for (let at = 0; at < literal.length; at++) {
      if (literal[at] === " ") {
        if (this.rest !== "" && this.rest[0] !== " ") throw new Mismatch();
        while (literal[at + 1] === " ") at++;
        this.rest = this.rest.replace(/^ +/, "");
      } else if (this.rest[0] === literal[at]) this.rest = this.rest.slice(1);
      else throw new Mismatch();
    }
  }
}

function inRange(value: number, low: number, high: number, field: string): number {
  if (value < low || value > high) throw new OutOfRange(field);
  return value;
}

/** Digits after a point or comma, cut to nanoseconds. */
function fractionOf(text: string): number {
  if (!/^[.,]\d+$/.test(text)) throw new Mismatch();
  return Number(text.slice(1, 10).padEnd(9, "0"));
}

function takeOffset(reader: Reader, fields: Fields, text: string): void {
  const style = offsetStyle(text);
  if (style.zuluForUtc && reader.rest.startsWith("Z")) {
    reader.take(1);
    fields.isUtc = true;
    return;
  }
  const separator = style.colons ? ":" : "";
  const length = 1 + 2 * style.parts + separator.length * (style.parts - 1);
  const shown = reader.take(length);
  const parts: number[] = [];
  let sound = true;
  for (let index = 0; index < style.parts; index++) {
    const at = 1 + index * (2 + separator.length);
    if (index > 0 && separator !== "" && shown[at - 1] !== separator) throw new Mismatch();
    const digits = shown.slice(at, at + 2);
    // Go reads the parts in turn and stops at the first that is no number; the ranges are checked all the same.
    sound &&= /^\d\d$/.test(digits);
    parts.push(sound ? Number(digits) : 0);
  }
  const [hours = 0, minutes = 0, seconds = 0] = parts;
  // 24 hours, 60 minutes and 60 seconds do occur. The last complaint wins.
  if (seconds > 60) throw new OutOfRange("time zone offset second");
  if (minutes > 60) throw new OutOfRange("time zone offset minute");
  if (hours > 24) throw new OutOfRange("time zone offset hour");
  const sign = shown[0];
  if (!sound || (sign !== "+" && sign !== "-")) throw new Mismatch();
  const total = (hours * 60 + minutes) * 60 + seconds;
  fields.offset = sign === "-" ? 0 - total : total;
}

function takeSecond(
  reader: Reader,
  fields: Fields,
  exactlyTwo: boolean,
  next: LayoutPiece | undefined,
): void {
  fields.second = inRange(reader.takeNumber(exactlyTwo), 0, 59, "second");
  // A fraction may follow the seconds even where the layout has none.
  const fraction = /^[.,]\d+/.exec(reader.rest)?.[0];
  if (fraction === undefined || next?.element === "fraction") return;
  fields.nanosecond = fractionOf(reader.take(fraction.length));
}

function takeFraction(reader: Reader, fields: Fields, text: string): void {
  if (text[1] === "0") fields.nanosecond = fractionOf(reader.take(text.length));
  else {
    const fraction = /^[.,]\d+/.exec(reader.rest)?.[0];
    if (fraction !== undefined) fields.nanosecond = fractionOf(reader.take(fraction.length));
  }
}

function takeYear(reader: Reader): number {
  const text = reader.take(2);
  // The two characters may be a signed digit: Go reads them with atoi.
  if (!/^[+-]?\d+$/.test(text)) throw new Mismatch();
  const year = Number(text);
  return year >= 69 ? year + 1900 : year + 2000;
}

function takeLongYear(reader: Reader): number {
  const text = reader.take(4);
  if (!/^\d{4}$/.test(text)) throw new Mismatch();
  return Number(text);
}

function takeZoneName(reader: Reader, fields: Fields): void {
  if (reader.rest.startsWith("UTC")) {
    reader.take(3);
    fields.isUtc = true;
    return;
  }
  const length = zoneNameLength(reader.rest);
  if (length === 0) throw new Mismatch();
  fields.zoneName = reader.take(length);
}

function takeMeridiem(reader: Reader, fields: Fields, names: readonly [string, string]): void {
  const text = reader.take(2);
  if (!names.includes(text)) throw new Mismatch();
  fields.meridiem = text === names[0] ? "AM" : "PM";
}

function takeDay(reader: Reader, fields: Fields, exactlyTwo: boolean): void {
  fields.day = reader.takeNumber(exactlyTwo);
}

const shortMonthNames = monthNames.map((name) => name.slice(0, 3));
const shortWeekdayNames = weekdayNames.map((name) => name.slice(0, 3));

type TakeElement = (
  reader: Reader,
  fields: Fields,
  piece: LayoutPiece,
  next: LayoutPiece | undefined,
) => void;

const takers: Readonly<Record<LayoutElement, TakeElement>> = {
  longMonth: (reader, fields) => {
    fields.month = reader.takeName(monthNames) + 1;
  },
  month: (reader, fields) => {
    fields.month = reader.takeName(shortMonthNames) + 1;
  },
  numericMonth: (reader, fields) => {
    fields.month = inRange(reader.takeNumber(false), 1, 12, "month");
  },
  zeroMonth: (reader, fields) => {
    fields.month = inRange(reader.takeNumber(true), 1, 12, "month");
  },
  // The weekday is checked for spelling only.
  longWeekday: (reader) => void reader.takeName(weekdayNames),
  weekday: (reader) => void reader.takeName(shortWeekdayNames),
  day: (reader, fields) => takeDay(reader, fields, false),
  underDay: (reader, fields) => {
    reader.rest = reader.rest.replace(/^ /, "");
    takeDay(reader, fields, false);
  },
  zeroDay: (reader, fields) => takeDay(reader, fields, true),
  underYearDay: (reader, fields) => {
    reader.rest = reader.rest.replace(/^ {1,2}/, "");
    fields.yearDay = Number(reader.takeMatch(/^\d{1,3}/));
  },
  zeroYearDay: (reader, fields) => {
    fields.yearDay = Number(reader.takeMatch(/^\d{3}/));
  },
  hour: (reader, fields) => {
    fields.hour = inRange(reader.takeNumber(false), 0, 23, "hour");
  },
  hour12: (reader, fields) => {
    fields.hour = inRange(reader.takeNumber(false), 0, 12, "hour");
  },
  zeroHour12: (reader, fields) => {
    fields.hour = inRange(reader.takeNumber(true), 0, 12, "hour");
  },
  minute: (reader, fields) => {
    fields.minute = inRange(reader.takeNumber(false), 0, 59, "minute");
  },
  zeroMinute: (reader, fields) => {
    fields.minute = inRange(reader.takeNumber(true), 0, 59, "minute");
  },
  second: (reader, fields, _, next) => takeSecond(reader, fields, false, next),
  zeroSecond: (reader, fields, _, next) => takeSecond(reader, fields, true, next),
  longYear: (reader, fields) => {
    fields.year = takeLongYear(reader);
  },
  year: (reader, fields) => {
    fields.year = takeYear(reader);
  },
  upperMeridiem: (reader, fields) => takeMeridiem(reader, fields, ["AM", "PM"]),
  lowerMeridiem: (reader, fields) => takeMeridiem(reader, fields, ["am", "pm"]),
  zoneName: takeZoneName,
  offset: (reader, fields, piece) => takeOffset(reader, fields, piece.text),
  fraction: (reader, fields, piece) => takeFraction(reader, fields, piece.text),
};

function readFields(layout: string, text: string): Fields {
  const { pieces, tail } = layoutPieces(layout);
  const fields: Fields = { year: 0, hour: 0, minute: 0, second: 0, nanosecond: 0 };
  const reader = new Reader(text);
  const cannotParse = (rest: string, as: string) =>
    new TimeParseError(
      `parsing time ${quote(text)} as ${quote(layout)}: cannot parse ${quote(rest)} as ${quote(as)}`,
    );
  const skip = (literal: string) => {
    try {
      reader.skip(literal);
    } catch (error) {
      if (error instanceof Mismatch) throw cannotParse(reader.rest, literal);
      throw error;
    }
  };
  for (const [index, piece] of pieces.entries()) {
    skip(piece.literal);
    const before = reader.rest;
    try {
      takers[piece.element](reader, fields, piece, pieces[index + 1]);
    } catch (error) {
      if (error instanceof OutOfRange)
        throw new TimeParseError(`parsing time ${quote(text)}: ${error.message} out of range`);
      if (error instanceof Mismatch) throw cannotParse(before, piece.text);
      throw error;
    }
  }
  skip(tail);
  if (reader.rest !== "")
    throw new TimeParseError(`parsing time ${quote(text)}: extra text: ${quote(reader.rest)}`);
  return fields;
}

function resolveDate(
  fields: Fields,
  complain: (what: string) => TimeParseError,
): { month: number; day: number } {
  const { year, month, day, yearDay } = fields;
  if (yearDay === undefined) return { month: month ?? 1, day: day ?? 1 };
  if (yearDay < 1 || yearDay > (isLeapYear(year) ? 366 : 365)) throw complain("day-of-year out of range");
  let found = 12;
  while (daysBeforeMonth(found, year) >= yearDay) found--;
  const dayFound = yearDay - daysBeforeMonth(found, year);
  if (month !== undefined && month !== found) throw complain("day-of-year does not match month");
  if (day !== undefined && day !== dayFound) throw complain("day-of-year does not match day");
  return { month: found, day: dayFound };
}

/** The place and moment of the fields: by an offset, an abbreviation, or the default location. */
function locate(date: DateFields, fields: Fields, location: Location): Instant {
  if (fields.isUtc) return fromClock(date, utc);
  const shown = fromClock(date, utc);
  // Minus one second is how Go marks "no offset", so the offset of one second west is none to it.
  if (fields.offset !== undefined && fields.offset !== -1) {
    const { offset, zoneName = "" } = fields;
    const seconds = shown.seconds - BigInt(offset);
    const zone = location.lookup(seconds);
    const fits = zone.offset === offset && (zoneName === "" || zone.name === zoneName);
    return { ...shown, seconds, location: fits ? location : fixedZone(zoneName, offset) };
  }
  const { zoneName } = fields;
  if (zoneName === undefined) return fromClock(date, location);
  const known = location.offsetNamed(zoneName, shown.seconds);
  if (known !== undefined) return { ...shown, seconds: shown.seconds - BigInt(known), location };
  // An abbreviation of elsewhere keeps its name with offset zero; GMT+3 says its own.
  const hours = /^GMT([+-]\d+)$/.exec(zoneName)?.[1];
  return { ...shown, location: fixedZone(zoneName, Number(hours ?? 0) * 3600) };
}

/**
 * Reads a text in a Go layout (time.ParseInLocation): a zone in the text is matched against `location`, which
 * also serves where the text names none.
 *
 * @throws TimeParseError with Go's words.
 */
export function parseTime(layout: string, text: string, location: Location): Instant {
  const fields = readFields(layout, text);
  const complain = (what: string) => new TimeParseError(`parsing time ${quote(text)}: ${what}`);
  let { hour } = fields;
  if (fields.meridiem === "PM" && hour < 12) hour += 12;
  else if (fields.meridiem === "AM" && hour === 12) hour = 0;
  const { month, day } = resolveDate(fields, complain);
  if (day < 1 || day > daysInMonth(month, fields.year)) throw complain("day out of range");
  const { year, minute, second, nanosecond } = fields;
  return locate({ year, month, day, hour, minute, second, nanosecond }, fields, location);
}
