import { GoError } from "./values/model.ts";

/** Nanoseconds of each unit that Go's durations know; `us` has two spellings of micro, as UTF-8 bytes. */
export const nanosecondsOf: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  "\xc2\xb5s": 1_000n,
  "\xce\xbcs": 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const limit = 1n << 63n;

/** The quoting of package time: quote and backslash escaped, control and non-ASCII bytes as `\xHH`. */
function quoted(text: string): string {
  const escaped = text.replace(/["\\]|[\x00-\x1f\x80-\xff]/g, (char) =>
    char === '"' || char === "\\" ? `\\${char}` : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${escaped}"`;
}

/** Digits after the point as a count of `scale`ths; those beyond 63 bits are dropped (time.leadingFraction). */
function readFraction(digits: string): { value: bigint; scale: number } {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    const next = value * 10n + BigInt(digit);
    if (value > (limit - 1n) / 10n || next > limit) break;
    value = next;
    scale *= 10;
  }
  return { value, scale };
}

/**
 * time.ParseDuration on bytes: nanoseconds.
 * @throws GoError with Go's text
 */
export function readDuration(text: string): bigint {
  const fail = (problem: string): never => {
    throw new GoError(`time: ${problem} ${quoted(text)}`);
  };
  const body = text.replace(/^[+-]/, "");
  if (body === "0") return 0n;
  if (body === "") return fail("invalid duration");
  const part = /([0-9]*)(\.?)([0-9]*)([^0-9.]*)/y;
  let total = 0n;
  while (part.lastIndex < body.length) {
    const [, whole = "", , fractionDigits = "", unitName = ""] = part.exec(body) ?? [];
    if (whole === "" && fractionDigits === "") return fail("invalid duration");
    const count = BigInt(whole || "0");
    if (count > limit) return fail("invalid duration");
    if (unitName === "") return fail("missing unit in duration");
    const unit = Object.hasOwn(nanosecondsOf, unitName) ? nanosecondsOf[unitName] : undefined;
    if (unit === undefined) return fail(`unknown unit ${quoted(unitName)} in duration`);
    if (count > limit / unit) return fail("invalid duration");
    const { value, scale } = readFraction(fractionDigits);
    // The fraction goes through a float64, as in Go: it may lose the last digits of very long fractions.
    total += count * unit + BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
    if (total > limit) return fail("invalid duration");
  }
  if (text.startsWith("-")) return -total;
  return total < limit ? total : fail("invalid duration");
}

/** A fraction without trailing zeros: `.5`, or nothing. */
function fractionText(value: bigint, digits: number): string {
  const text = value.toString().padStart(digits, "0").replace(/0+$/, "");
  return text === "" ? "" : `.${text}`;
}

const smallUnits: readonly (readonly [bigint, number, string])[] = [
  [1_000n, 0, "ns"],
  [1_000_000n, 3, "\xc2\xb5s"],
  [1_000_000_000n, 6, "ms"],
];

/** Duration.String as bytes: `1h2m3.5s`, below a second `1.5ms`, zero `0s`. */
export function writeDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "0s";
  const sign = nanoseconds < 0n ? "-" : "";
  const value = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  for (const [below, digits, unit] of smallUnits) {
    if (value >= below) continue;
    const scale = 10n ** BigInt(digits);
    return `${sign}${value / scale}${fractionText(value % scale, digits)}${unit}`;
  }
  const second = 1_000_000_000n;
  const seconds = value / second;
  const rest = `${seconds % 60n}${fractionText(value % second, 9)}s`;
  const minutes = seconds / 60n;
  if (minutes === 0n) return sign + rest;
  const hours = minutes / 60n;
  return hours === 0n ? `${sign}${minutes}m${rest}` : `${sign}${hours}h${minutes % 60n}m${rest}`;
}
