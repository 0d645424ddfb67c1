import { writeDuration } from "./duration-text.ts";
import { int64, integerOf } from "./values/construct.ts";
import { type GoMethod, GoScalar, type GoType, type GoValue } from "./values/model.ts";

const maximum = (1n << 63n) - 1n;
const minimum = -(1n << 63n);

/** Whole units and the rest apart, as Go divides, so that large durations keep their digits. */
function inUnits(nanoseconds: bigint, unit: bigint): number {
  return Number(nanoseconds / unit) + Number(nanoseconds % unit) / Number(unit);
}

function clamp(nanoseconds: bigint): bigint {
  return nanoseconds > maximum ? maximum : nanoseconds < minimum ? minimum : nanoseconds;
}

/** Duration.Round: to the nearest multiple, halves away from zero; a multiple of 0 or less leaves it alone. */
export function roundDuration(nanoseconds: bigint, multiple: bigint): bigint {
  if (multiple <= 0n) return nanoseconds;
  const rest = nanoseconds % multiple;
  const magnitude = rest < 0n ? -rest : rest;
  const down = nanoseconds - rest;
  if (magnitude + magnitude < multiple) return down;
  return clamp(nanoseconds < 0n ? down - multiple : down + multiple);
}

function truncateDuration(nanoseconds: bigint, multiple: bigint): bigint {
  return multiple <= 0n ? nanoseconds : nanoseconds - (nanoseconds % multiple);
}

type Compute = (nanoseconds: bigint, argument: bigint) => GoValue;

const methodTable: readonly (readonly [name: string, signature: string, compute: Compute])[] = [
  ["Abs", "func() time.Duration", (own) => duration(clamp(own < 0n ? -own : own))],
  ["Hours", "func() float64", (own) => inUnits(own, 3_600_000_000_000n)],
  ["Microseconds", "func() int64", (own) => int64(own / 1_000n)],
  ["Milliseconds", "func() int64", (own) => int64(own / 1_000_000n)],
  ["Minutes", "func() float64", (own) => inUnits(own, 60_000_000_000n)],
  ["Nanoseconds", "func() int64", (own) => int64(own)],
  ["Round", "func(time.Duration) time.Duration", (own, multiple) => duration(roundDuration(own, multiple))],
  ["Seconds", "func() float64", (own) => inUnits(own, 1_000_000_000n)],
  ["String", "func() string", (own) => writeDuration(own)],
  [
    "Truncate",
    "func(time.Duration) time.Duration",
    (own, multiple) => duration(truncateDuration(own, multiple)),
  ],
];

const methods: ReadonlyMap<string, GoMethod> = new Map(
  methodTable.map(([name, signature, compute]) => [
    name,
    {
      name,
      signature,
      call: (receiver, args) => compute(integerOf(receiver) ?? 0n, integerOf(args[0] ?? null) ?? 0n),
    },
  ]),
);

/** `time.Duration`. */
export const durationType: GoType = { kind: "int64", name: "time.Duration", methods };

/** A time.Duration of so many nanoseconds. */
export function duration(nanoseconds: bigint): GoScalar {
  return new GoScalar(durationType, BigInt.asIntN(64, nanoseconds));
}
