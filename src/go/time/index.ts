/** Go's package time, as far as templates reach it: layouts, zones, time.Time values. */
export { formatTime } from "./format-time.ts";
export { goTime, instantOf, monthType, timeType, weekdayType } from "./go-time.ts";
export {
  addDuration,
  fromNanoseconds,
  fromUnix,
  type Instant,
  toNanoseconds,
  zeroInstant,
} from "./instant.ts";
export { loadLocation, localLocation } from "./load-location.ts";
export { utc } from "./location.ts";
export { parseTime, TimeParseError } from "./parse-time.ts";
