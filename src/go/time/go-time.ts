import { duration, durationType } from "../duration-type.ts";
import {
  basicTypes,
  type GoContext,
  GoError,
  type GoMethod,
  GoPointer,
  GoScalar,
  GoSlice,
  GoStruct,
  type GoType,
  type GoValue,
  int,
  int64,
  integerOf,
  pointerTo,
  sliceOf,
  stringOf,
} from "../values/index.ts";
import { dayOfYear, monthNames, weekdayNames } from "./calendar.ts";
import { formatTime, rfc3339Nano, stringLayout } from "./format-time.ts";
import {
  addDuration,
  fromClock,
  type Instant,
  readClock,
  toNanoseconds,
  zeroInstant,
  zeroSeconds,
} from "./instant.ts";
import { localLocation } from "./load-location.ts";
import { type Location, utc } from "./location.ts";

function namedInteger(name: string, names: readonly string[], first: number): GoType {
  const text = (value: bigint) => names[Number(value) - first] ?? `%!${name.replace("time.", "")}(${value})`;
  const string: GoMethod = {
    name: "String",
    signature: "func() string",
    call: (receiver) => text(integerOf(receiver) ?? 0n),
  };
  return { kind: "int", name, methods: new Map([["String", string]]) };
}

/** `time.Month`. */
export const monthType = namedInteger("time.Month", monthNames, 1);
/** `time.Weekday`. */
export const weekdayType = namedInteger("time.Weekday", weekdayNames, 0);

const locationType: GoType = {
  kind: "struct",
  name: "time.Location",
  fields: [],
  methods: new Map([
    [
      "String",
      {
        name: "String",
        signature: "func() string",
        call: (receiver) => locationOf(receiver)?.name ?? "UTC",
      },
    ],
  ]),
};
const locationPointerType = pointerTo(locationType);
const locationPointers = new WeakMap<Location, GoPointer>();

function locationPointer(location: Location): GoPointer {
  const known = locationPointers.get(location);
  if (known) return known;
  const pointer = new GoPointer(locationPointerType, new GoStruct(locationType, [], location));
  locationPointers.set(location, pointer);
  return pointer;
}

function locationOf(value: GoValue): Location | undefined {
  const struct = value instanceof GoPointer ? value.target : value;
  return struct instanceof GoStruct ? (struct.native as Location) : undefined;
}

const methods = new Map<string, GoMethod>();

/** `time.Time`. Its fields are Go's, all unexported. */
export const timeType: GoType = {
  kind: "struct",
  name: "time.Time",
  fields: [
    { name: "wall", type: basicTypes.uint64 },
    { name: "ext", type: basicTypes.int64 },
    { name: "loc", type: locationPointerType },
  ],
  methods,
};

/** An instant as a template's time.Time. */
export function goTime(instant: Instant): GoStruct<Instant> {
  const { seconds, nanoseconds, location } = instant;
  const fields = [
    new GoScalar(basicTypes.uint64, BigInt(nanoseconds)),
    int64(seconds - zeroSeconds),
    location === utc ? new GoPointer(locationPointerType, null) : locationPointer(location),
  ];
  return new GoStruct(timeType, fields, instant);
}

/** The instant of a time.Time, else undefined. The zero value may have come from reflection. */
export function instantOf(value: GoValue): Instant | undefined {
  if (!(value instanceof GoStruct) || value.type !== timeType) return undefined;
  return (value.native as Instant | undefined) ?? zeroInstant;
}

const wholeSecond = 1_000_000_000n;
const longest = (1n << 63n) - 1n;

function clampDuration(nanoseconds: bigint): bigint {
  return nanoseconds > longest ? longest : nanoseconds < -longest - 1n ? -longest - 1n : nanoseconds;
}

function compareInstants(left: Instant, right: Instant): number {
  const difference = toNanoseconds(left) - toNanoseconds(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** What is left over of an instant when counted in multiples of `step` from year 1, as Go counts. */
function remainder(instant: Instant, step: bigint): bigint {
  const sinceZero = toNanoseconds(instant) - zeroSeconds * wholeSecond;
  return ((sinceZero % step) + step) % step;
}

function roundTo(instant: Instant, step: bigint, halvesUp: boolean): Instant {
  if (step <= 0n) return instant;
  const rest = remainder(instant, step);
  return addDuration(instant, halvesUp && rest + rest >= step ? step - rest : -rest);
}

function addDate(instant: Instant, years: bigint, months: bigint, days: bigint): Instant {
  const clock = readClock(instant);
  const fields = {
    ...clock,
    year: clock.year + Number(years),
    month: clock.month + Number(months),
    day: clock.day + Number(days),
    nanosecond: instant.nanoseconds,
  };
  return fromClock(fields, instant.location);
}

/** Time.MarshalText: RFC 3339, which knows four digits of year and whole-minute offsets below a day. */
function rfc3339(instant: Instant, method: string): string {
  const { year, zone } = readClock(instant);
  if (year < 0 || year > 9999) throw new GoError(`Time.${method}: year outside of range [0,9999]`);
  if (Math.abs(zone.offset) >= 24 * 3600)
    throw new GoError(`Time.${method}: timezone hour outside of range [0,23]`);
  return formatTime(instant, rfc3339Nano);
}

function goString(instant: Instant): string {
  const clock = readClock(instant);
  const { location } = instant;
  const place =
    location === utc
      ? "time.UTC"
      : location.isLocal
        ? "time.Local"
        : `time.Location(${JSON.stringify(location.name)})`;
  const month = `time.${monthNames[clock.month - 1]}`;
  const { year, day, hour, minute, second } = clock;
  return `time.Date(${[year, month, day, hour, minute, second, instant.nanoseconds, place].join(", ")})`;
}

function byteSlice(bytes: string): GoSlice {
  const items = [...bytes].map((byte) => new GoScalar(basicTypes.uint8, BigInt(byte.charCodeAt(0))));
  return new GoSlice(sliceOf(basicTypes.uint8), items);
}

type Compute = (own: Instant, args: readonly GoValue[], context: GoContext) => GoValue;

const integerArgument = (args: readonly GoValue[], index: number) => integerOf(args[index] ?? null) ?? 0n;
const timeArgument = (args: readonly GoValue[]) => instantOf(args[0] ?? null) ?? zeroInstant;
const clockField =
  (read: (clock: ReturnType<typeof readClock>) => number): Compute =>
  (own) =>
    int(read(readClock(own)));
const manyResults: Compute = () => null;

// The signatures with several results are here so that the engine can refuse them in Go's words.
const methodTable: readonly (readonly [name: string, signature: string, compute: Compute])[] = [
  ["Add", "func(time.Duration) time.Time", (own, args) => goTime(addDuration(own, integerArgument(args, 0)))],
  [
    "AddDate",
    "func(int, int, int) time.Time",
    (own, args) =>
      goTime(addDate(own, integerArgument(args, 0), integerArgument(args, 1), integerArgument(args, 2))),
  ],
  ["After", "func(time.Time) bool", (own, args) => compareInstants(own, timeArgument(args)) > 0],
  ["Before", "func(time.Time) bool", (own, args) => compareInstants(own, timeArgument(args)) < 0],
  ["Clock", "func() (int, int, int)", manyResults],
  ["Compare", "func(time.Time) int", (own, args) => int(compareInstants(own, timeArgument(args)))],
  ["Date", "func() (int, time.Month, int)", manyResults],
  ["Day", "func() int", clockField((clock) => clock.day)],
  ["Equal", "func(time.Time) bool", (own, args) => compareInstants(own, timeArgument(args)) === 0],
  ["Format", "func(string) string", (own, args) => formatTime(own, stringOf(args[0] ?? null) ?? "")],
  ["GoString", "func() string", goString],
  ["Hour", "func() int", clockField((clock) => clock.hour)],
  ["ISOWeek", "func() (int, int)", manyResults],
  [
    "In",
    "func(*time.Location) time.Time",
    (own, args) => {
      const location = locationOf(args[0] ?? null);
      if (!location) throw new GoError("time: missing Location in call to Time.In");
      return goTime({ ...own, location });
    },
  ],
  ["IsDST", "func() bool", (own) => readClock(own).zone.isDst],
  ["IsZero", "func() bool", (own) => compareInstants(own, zeroInstant) === 0],
  [
    "Local",
    "func() time.Time",
    (own, _, { timeZone }) => goTime({ ...own, location: localLocation(timeZone) }),
  ],
  ["Location", "func() *time.Location", (own) => locationPointer(own.location)],
  ["MarshalJSON", "func() ([]uint8, error)", (own) => byteSlice(`"${rfc3339(own, "MarshalJSON")}"`)],
  ["MarshalText", "func() ([]uint8, error)", (own) => byteSlice(rfc3339(own, "MarshalText"))],
  ["Minute", "func() int", clockField((clock) => clock.minute)],
  ["Month", "func() time.Month", (own) => new GoScalar(monthType, BigInt(readClock(own).month))],
  ["Nanosecond", "func() int", (own) => int(own.nanoseconds)],
  [
    "Round",
    "func(time.Duration) time.Time",
    (own, args) => goTime(roundTo(own, integerArgument(args, 0), true)),
  ],
  ["Second", "func() int", clockField((clock) => clock.second)],
  ["String", "func() string", (own) => formatTime(own, stringLayout)],
  [
    "Sub",
    "func(time.Time) time.Duration",
    (own, args) => duration(clampDuration(toNanoseconds(own) - toNanoseconds(timeArgument(args)))),
  ],
  [
    "Truncate",
    "func(time.Duration) time.Time",
    (own, args) => goTime(roundTo(own, integerArgument(args, 0), false)),
  ],
  ["UTC", "func() time.Time", (own) => goTime({ ...own, location: utc })],
  ["Unix", "func() int64", (own) => int64(own.seconds)],
  [
    "UnixMicro",
    "func() int64",
    (own) => int64(own.seconds * 1_000_000n + BigInt(Math.floor(own.nanoseconds / 1000))),
  ],
  [
    "UnixMilli",
    "func() int64",
    (own) => int64(own.seconds * 1000n + BigInt(Math.floor(own.nanoseconds / 1_000_000))),
  ],
  ["UnixNano", "func() int64", (own) => int64(toNanoseconds(own))],
  ["Weekday", "func() time.Weekday", (own) => new GoScalar(weekdayType, BigInt(readClock(own).weekday))],
  ["Year", "func() int", clockField((clock) => clock.year)],
  ["YearDay", "func() int", clockField(dayOfYear)],
  ["Zone", "func() (string, int)", manyResults],
  ["ZoneBounds", "func() (time.Time, time.Time)", manyResults],
];

const namedTypes = [timeType, monthType, weekdayType, durationType, locationType, locationPointerType];
for (const [name, signature, compute] of methodTable) {
  const call: GoMethod["call"] = (receiver, args, context) =>
    compute(instantOf(receiver) ?? zeroInstant, args, context);
  methods.set(name, { name, signature, types: namedTypes, call });
}
