import { readDuration, writeDuration } from "../duration-text.ts";
import { roundDuration } from "../duration-type.ts";
import { parseSigned } from "../strconv/parse-integer.ts";
import {
  addDuration,
  formatTime,
  fromNanoseconds,
  fromUnix,
  goTime,
  type Instant,
  instantOf,
  loadLocation,
  localLocation,
  parseTime,
  TimeParseError,
  timeType,
  toNanoseconds,
  utc,
  zeroInstant,
} from "../time/index.ts";
import {
  basicTypes,
  type GoContext,
  GoError,
  type GoFunctionEntry,
  GoPointer,
  type GoStruct,
  type GoType,
  type GoValue,
  integerOf,
  typeOf,
} from "../values/index.ts";
import { entry } from "./entry.ts";

const second = 1_000_000_000n;
const hour = 3600n * second;
const longest = (1n << 63n) - 1n;

function now(context: GoContext): Instant {
  return fromNanoseconds(context.now(), localLocation(context.timeZone));
}

/** A time, or unix seconds of one of the given types; undefined for all else. */
function instantFrom(
  value: GoValue,
  secondTypes: readonly GoType[],
  { timeZone }: GoContext,
): Instant | undefined {
  const instant = instantOf(value);
  if (instant) return instant;
  const type = typeOf(value);
  return type && secondTypes.includes(type)
    ? fromUnix(integerOf(value) ?? 0n, localLocation(timeZone))
    : undefined;
}

/** sprig date.go, dateInZone: what is no date counts as now, an unknown zone as UTC. */
function dateInZone([layout, date, zone]: [string, GoValue, string], context: GoContext): string {
  const value = date instanceof GoPointer && date.target !== null ? date.target : date;
  const { int, int32, int64 } = basicTypes;
  const instant = instantFrom(value, [int64, int, int32], context) ?? now(context);
  const local = localLocation(context.timeZone);
  const location = loadLocation(zone, local, context.env.get("ZONEINFO")) ?? utc;
  return formatTime({ ...instant, location }, layout);
}

const htmlLayout = "2006-01-02";

function instantArgument(time: GoStruct): Instant {
  return instantOf(time) ?? zeroInstant;
}

function mustDateModify([text, time]: [string, GoStruct]): GoStruct {
  return goTime(addDuration(instantArgument(time), readDuration(text)));
}

function dateModify([text, time]: [string, GoStruct]): GoStruct {
  try {
    return mustDateModify([text, time]);
  } catch (error) {
    if (error instanceof GoError) return time;
    throw error;
  }
}

function mustToDate([layout, text]: [string, string], { timeZone }: GoContext): GoStruct {
  try {
    return goTime(parseTime(layout, text, localLocation(timeZone)));
  } catch (error) {
    if (error instanceof TimeParseError) throw new GoError(error.message);
    throw error;
  }
}

function toDate(args: [string, string], context: GoContext): GoStruct {
  try {
    return mustToDate(args, context);
  } catch (error) {
    if (error instanceof GoError) return goTime(zeroInstant);
    throw error;
  }
}

/** Go's time.Since, which stops at the longest duration. */
function since(instant: Instant, context: GoContext): bigint {
  const elapsed = toNanoseconds(now(context)) - toNanoseconds(instant);
  return elapsed > longest ? longest : elapsed < -longest - 1n ? -longest - 1n : elapsed;
}

function ago([date]: [GoValue], context: GoContext): string {
  const instant = instantFrom(date, [basicTypes.int64, basicTypes.int], context) ?? now(context);
  return writeDuration(roundDuration(since(instant, context), second));
}

/** sprig date.go, duration: seconds as a string or an int64; any other number is none. */
function duration([seconds]: [GoValue]): string {
  let count = 0n;
  if (typeof seconds === "string") count = parseSigned(seconds, 10, 64).value;
  else if (typeOf(seconds) === basicTypes.int64) count = integerOf(seconds) ?? 0n;
  return writeDuration(BigInt.asIntN(64, count * second));
}

const roundedUnits: readonly (readonly [bigint, string])[] = [
  [hour * 24n * 365n, "y"],
  [hour * 24n * 30n, "mo"],
  [hour * 24n, "d"],
  [hour, "h"],
  [60n * second, "m"],
  [second, "s"],
];

function nanosecondsFrom(value: GoValue, context: GoContext): bigint {
  const instant = value !== null && typeOf(value) === timeType ? instantOf(value) : undefined;
  if (instant) return since(instant, context);
  if (typeOf(value) === basicTypes.int64) return integerOf(value) ?? 0n;
  if (typeof value !== "string") return 0n;
  try {
    return readDuration(value);
  } catch (error) {
    if (error instanceof GoError) return 0n;
    throw error;
  }
}

/** sprig date.go, durationRound: whole units of the largest that the duration exceeds. */
function durationRound([value]: [GoValue], context: GoContext): string {
  const nanoseconds = nanosecondsFrom(value, context);
  const magnitude = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const unit = roundedUnits.find(([size]) => magnitude > size);
  return unit ? `${magnitude / unit[0]}${unit[1]}` : "0s";
}

/** Dates and durations (sprig date.go). "Local" is the zone that the caller of the template names. */
export const dateFunctions: readonly GoFunctionEntry[] = [
  entry("ago", "func(any) string", ago),
  entry("date", "func(string, any) string", ([layout, date], context) =>
    dateInZone([layout, date, "Local"], context),
  ),
  entry("dateInZone", "func(string, any, string) string", dateInZone),
  entry("dateModify", "func(string, time.Time) time.Time", dateModify, [timeType]),
  entry("date_in_zone", "func(string, any, string) string", dateInZone),
  entry("date_modify", "func(string, time.Time) time.Time", dateModify, [timeType]),
  entry("duration", "func(any) string", duration),
  entry("durationRound", "func(any) string", durationRound),
  entry("htmlDate", "func(any) string", ([date], context) =>
    dateInZone([htmlLayout, date, "Local"], context),
  ),
  entry("htmlDateInZone", "func(any, string) string", ([date, zone], context) =>
    dateInZone([htmlLayout, date, zone], context),
  ),
  entry("mustDateModify", "func(string, time.Time) (time.Time, error)", mustDateModify, [timeType]),
  entry("mustToDate", "func(string, string) (time.Time, error)", mustToDate, [timeType]),
  entry("must_date_modify", "func(string, time.Time) (time.Time, error)", mustDateModify, [timeType]),
  entry("now", "func() time.Time", (_, context) => goTime(now(context)), [timeType]),
  entry("toDate", "func(string, string) time.Time", toDate, [timeType]),
  entry("unixEpoch", "func(time.Time) string", ([time]) => String(instantArgument(time).seconds), [timeType]),
];
