import { type CivilDate, civilFromDays, daysFromCivil, weekdayOfDays } from "./calendar.ts";
import { type Location, utc } from "./location.ts";
import type { Zone } from "./posix-rule.ts";

const secondsPerDay = 86_400;
const nanosecondsPerSecond = 1_000_000_000n;
const daysBeforeUnix = 719_162n;
/** Seconds from the start of Go's absolute time (March of a year far back, so that all is positive) to 1970. */
const absoluteToUnix = (730_692_556n * 146_097n + 306n + daysBeforeUnix) * BigInt(secondsPerDay);

/** Unix seconds of Go's zero time, January 1st of year 1. */
export const zeroSeconds = -daysBeforeUnix * BigInt(secondsPerDay);

/** A moment with the place whose clock shows it (Go's time.Time without the monotonic reading). */
export interface Instant {
  /** Unix seconds. */
  readonly seconds: bigint;
  /** 0 to 999,999,999. */
  readonly nanoseconds: number;
  readonly location: Location;
}

/** What a clock and a calendar show. */
export interface ClockReading extends CivilDate {
  /** Days since 1970-01-01 of the local date. */
  readonly days: number;
  /** 0 for Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly zone: Zone;
}

/** Go's zero time.Time. */
export const zeroInstant: Instant = { seconds: zeroSeconds, nanoseconds: 0, location: utc };

/** Go's time.Unix. */
export function fromUnix(seconds: bigint, location: Location): Instant {
  return { seconds, nanoseconds: 0, location };
}

/** The moment `nanoseconds` after 1970. */
export function fromNanoseconds(nanoseconds: bigint, location: Location): Instant {
  const rest = ((nanoseconds % nanosecondsPerSecond) + nanosecondsPerSecond) % nanosecondsPerSecond;
  return { seconds: (nanoseconds - rest) / nanosecondsPerSecond, nanoseconds: Number(rest), location };
}

/** The instant in nanoseconds since 1970, not wrapped. */
export function toNanoseconds({ seconds, nanoseconds }: Instant): bigint {
  return seconds * nanosecondsPerSecond + BigInt(nanoseconds);
}

/** Go's Time.Add. */
export function addDuration(instant: Instant, duration: bigint): Instant {
  return fromNanoseconds(toNanoseconds(instant) + duration, instant.location);
}

/** What the clocks of the instant's location show. */
export function readClock({ seconds, location }: Instant): ClockReading {
  const zone = location.lookup(seconds);
  // Go reckons in unsigned 64 bits from its absolute start; far-off times wrap there.
  const local = BigInt.asUintN(64, seconds + BigInt(zone.offset) + absoluteToUnix) - absoluteToUnix;
  const intoDay = Number(((local % 86_400n) + 86_400n) % 86_400n);
  const days = Number((local - BigInt(intoDay)) / 86_400n);
  return {
    ...civilFromDays(days),
    days,
    weekday: weekdayOfDays(days),
    hour: Math.floor(intoDay / 3600),
    minute: Math.floor((intoDay % 3600) / 60),
    second: intoDay % 60,
    zone,
  };
}

/** What time.Date takes; out-of-range values move on to the next larger unit. */
export interface DateFields extends CivilDate {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
}

/** Go's time.Date: the instant at which a location's clocks show the given time. */
export function fromClock(fields: DateFields, location: Location): Instant {
  const days = BigInt(daysFromCivil(fields.year, fields.month, fields.day));
  const local =
    days * 86_400n + BigInt(fields.hour) * 3600n + BigInt(fields.minute) * 60n + BigInt(fields.second);
  // The lookup wants UTC: take the local time for it, and look again where that falls across a change.
  const guess = location.lookup(local);
  let offset = BigInt(guess.offset);
  if (offset !== 0n) {
    const moment = local - offset;
    if (moment < guess.start || moment >= guess.end) offset = BigInt(location.lookup(moment).offset);
  }
  return { seconds: local - offset, nanoseconds: fields.nanosecond, location };
}
