import { type PosixRule, spanOfRule, type Zone, type ZoneSpan } from "./posix-rule.ts";

/** The first and the last second that Go's int64 can name. */
export const alpha = -(1n << 63n);
export const omega = (1n << 63n) - 1n;

export interface Transition {
  /** Unix seconds from which on the zone is in effect. */
  readonly when: bigint;
  readonly zone: number;
}

/** A place's time zones over the years (Go's time.Location). */
export class Location {
  /** As given to time.LoadLocation or time.FixedZone. */
  readonly name: string;
  /** Whether this is the zone of the process. */
  readonly isLocal: boolean;
  readonly #zones: readonly Zone[];
  readonly #transitions: readonly Transition[];
  readonly #rule: PosixRule | undefined;

  constructor(
    name: string,
    zones: readonly Zone[] = [],
    transitions: readonly Transition[] = [],
    rule?: PosixRule,
    isLocal = false,
  ) {
    this.name = name;
    this.isLocal = isLocal;
    this.#zones = zones;
    this.#transitions = transitions;
    this.#rule = rule;
  }

  /** The same clocks as Go's time.Local, which is a location of its own. */
  asLocal(): Location {
    return new Location(this.name, this.#zones, this.#transitions, this.#rule, true);
  }

  /** The zone in effect at a unix second. */
  lookup(seconds: bigint): ZoneSpan {
    const transitions = this.#transitions;
    if (this.#zones.length === 0) return { name: "UTC", offset: 0, isDst: false, start: alpha, end: omega };
    const next = firstAfter(transitions, seconds);
    const end = transitions[next]?.when ?? omega;
    const current = transitions[next - 1];
    if (!current) return { ...this.#zoneBeforeAll(), start: alpha, end };
    if (next === transitions.length && this.#rule)
      return spanOfRule(this.#rule, current.when, seconds, omega);
    return { ...(this.#zones[current.zone] as Zone), start: current.when, end };
  }

  /**
   * The offset of an abbreviation such as "EST" at a local time (written as if it were UTC), preferring a
   * zone that is in effect then (Go's Location.lookupName); undefined for an abbreviation of other places.
   */
  offsetNamed(name: string, localSeconds: bigint): number | undefined {
    const named = this.#zones.filter((zone) => zone.name === name);
    for (const zone of named) {
      const span = this.lookup(localSeconds - BigInt(zone.offset));
      if (span.name === name) return span.offset;
    }
    return named[0]?.offset;
  }

  /** The zone before the first transition, by tzcode's rule (Go's Location.lookupFirstZone). */
  #zoneBeforeAll(): Zone {
    const first = this.#zones[0] as Zone;
    if (!this.#transitions.some(({ zone }) => zone === 0)) return first;
    const firstUsed = this.#transitions[0]?.zone ?? 0;
    if (this.#zones[firstUsed]?.isDst) {
      const earlier = this.#zones.slice(0, firstUsed).findLast((zone) => !zone.isDst);
      if (earlier) return earlier;
    }
    return this.#zones.find((zone) => !zone.isDst) ?? first;
  }
}

function firstAfter(transitions: readonly Transition[], seconds: bigint): number {
  let low = 0;
  let high = transitions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((transitions[middle] as Transition).when <= seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Go's time.UTC. */
export const utc = new Location("UTC");

/** Go's time.FixedZone. */
export function fixedZone(name: string, offset: number): Location {
  return new Location(name, [{ name, offset, isDst: false }], [{ when: alpha, zone: 0 }]);
}
