import { civilFromDays, daysFromCivil, daysInMonth, isLeapYear, weekdayOfDays } from "./calendar.ts";

/** A time zone in effect: abbreviation and seconds east of Greenwich. */
export interface Zone {
  readonly name: string;
  readonly offset: number;
  readonly isDst: boolean;
}

/** A zone and the unix seconds between which it is in effect (`end` excluded). */
export interface ZoneSpan extends Zone {
  readonly start: bigint;
  readonly end: bigint;
}

/** Seconds from the start of a year, in local standard time, at which a change happens. */
type YearRule = (year: number) => number;

interface PosixRule {
  readonly standard: Zone;
  /** Absent for zones without daylight saving. */
  readonly daylight?: { readonly zone: Zone; readonly begins: YearRule; readonly ends: YearRule };
}

const secondsPerDay = 86_400;
const namePattern = "<[^>]*>|[^<0-9,+-][^0-9,+-]{2,}";
const offsetPattern = "[+-]?\\d+(?::\\d+(?::\\d+)?)?";
const rulePattern = `[^,;]+`;
const wholePattern = new RegExp(
  `^(${namePattern})(${offsetPattern})(?:(${namePattern})(${offsetPattern})?(?:[,;](${rulePattern}),(${rulePattern}))?)?$`,
);
const datePattern = new RegExp(`^(?:J(\\d+)|M(\\d+)\\.(\\d+)\\.(\\d+)|(\\d+))(?:/(${offsetPattern}))?$`);
/** What tzcode assumes where a string names daylight time but no rules. */
const defaultRules = ["M3.2.0", "M11.1.0"] as const;

function bare(name: string): string {
  return name.startsWith("<") ? name.slice(1, -1) : name;
}

function offsetSeconds(text: string): number | undefined {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, "").split(":").map(Number);
  // tzdata allows a week of hours where POSIX does not.
  if (hours > 24 * 7 || minutes > 59 || seconds > 59) return undefined;
  const total = hours * 3600 + minutes * 60 + seconds;
  return text.startsWith("-") ? -total : total;
}

function within(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}

function nthWeekday(year: number, month: number, week: number, weekday: number): number {
  const first = weekdayOfDays(daysFromCivil(year, month, 1));
  let day = ((weekday - first + 7) % 7) + 1;
  for (let passed = 1; passed < week && day + 7 <= daysInMonth(month, year); passed++) day += 7;
  return day;
}

function parseDateRule(text: string, offset: number): YearRule | undefined {
  const match = datePattern.exec(text);
  if (!match) return undefined;
  const time = match[6] === undefined ? 2 * 3600 : offsetSeconds(match[6]);
  if (time === undefined) return undefined;
  const at = (dayIndex: number) => dayIndex * secondsPerDay + time - offset;
  if (match[1] !== undefined) {
    const julian = Number(match[1]);
    if (!within(julian, 1, 365)) return undefined;
    return (year) => at(isLeapYear(year) && julian >= 60 ? julian : julian - 1);
  }
  if (match[5] !== undefined) {
    const index = Number(match[5]);
    return within(index, 0, 365) ? () => at(index) : undefined;
  }
  const [month, week, weekday] = [Number(match[2]), Number(match[3]), Number(match[4])];
  if (!within(month, 1, 12) || !within(week, 1, 5) || !within(weekday, 0, 6)) return undefined;
  return (year) =>
    at(daysFromCivil(year, month, nthWeekday(year, month, week, weekday)) - daysFromCivil(year, 1, 1));
}

/** Reads a POSIX TZ string, as it ends a TZif file; undefined where it is malformed (Go's time.tzset). */
export function parsePosixRule(text: string): PosixRule | undefined {
  const match = wholePattern.exec(text);
  if (!match) return undefined;
  const [, name = "", offsetText = "", daylightName, daylightOffsetText] = match;
  const west = offsetSeconds(offsetText);
  if (west === undefined) return undefined;
  // POSIX offsets are added to local time to get UTC; ours are added to UTC.
  const standard: Zone = { name: bare(name), offset: 0 - west, isDst: false };
  if (daylightName === undefined) return { standard };
  const daylightWest = daylightOffsetText === undefined ? west - 3600 : offsetSeconds(daylightOffsetText);
  if (daylightWest === undefined) return undefined;
  const zone: Zone = { name: bare(daylightName), offset: 0 - daylightWest, isDst: true };
  const begins = parseDateRule(match[5] ?? defaultRules[0], standard.offset);
  const ends = parseDateRule(match[6] ?? defaultRules[1], zone.offset);
  return begins && ends && { standard, daylight: { zone, begins, ends } };
}

/**
 * The zone that a rule puts in effect at `seconds`. The span is exact near a change and else ends with the
 * year, which is all that its callers need.
 */
export function spanOfRule(rule: PosixRule, lastChange: bigint, seconds: bigint, omega: bigint): ZoneSpan {
  if (!rule.daylight) return { ...rule.standard, start: lastChange, end: omega };
  const day = Math.floor(Number(seconds) / secondsPerDay);
  const { year } = civilFromDays(day);
  const yearStart = daysFromCivil(year, 1, 1) * secondsPerDay;
  const intoYear = Number(seconds) - yearStart;
  const { zone, begins, ends } = rule.daylight;
  let [first, second] = [begins(year), ends(year)];
  let [inner, outer] = [zone, rule.standard];
  if (second < first) {
    // South of the equator the year begins and ends in daylight time.
    [first, second] = [second, first];
    [inner, outer] = [outer, inner];
  }
  const at = (offset: number) => BigInt(yearStart + offset);
  if (intoYear < first) return { ...outer, start: at(0), end: at(first) };
  if (intoYear >= second) return { ...outer, start: at(second), end: at(365 * secondsPerDay) };
  return { ...inner, start: at(first), end: at(second) };
}

export type { PosixRule };
