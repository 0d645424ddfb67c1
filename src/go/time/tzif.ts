import { alpha, Location, type Transition } from "./location.ts";
import { parsePosixRule, type Zone } from "./posix-rule.ts";

interface Counts {
  readonly utcLocal: number;
  readonly standardWall: number;
  readonly leaps: number;
  readonly times: number;
  readonly zones: number;
  readonly characters: number;
}

const headerSize = 44;

function readCounts(data: Buffer, at: number): Counts {
  const word = (index: number) => data.readUInt32BE(at + 20 + index * 4);
  return {
    utcLocal: word(0),
    standardWall: word(1),
    leaps: word(2),
    times: word(3),
    zones: word(4),
    characters: word(5),
  };
}

function bodySize(counts: Counts, timeSize: number): number {
  return (
    counts.times * (timeSize + 1) +
    counts.zones * 6 +
    counts.characters +
    counts.leaps * (timeSize + 4) +
    counts.standardWall +
    counts.utcLocal
  );
}

/**
 * A time zone file of the IANA database (TZif, RFC 8536; Go's time.LoadLocationFromTZData). Undefined where
 * the data is malformed.
 */
export function parseTzif(name: string, data: Buffer): Location | undefined {
  try {
    return readLocation(name, data);
  } catch (error) {
    if (error instanceof RangeError) return undefined; // The file ends too early.
    throw error;
  }
}

function readLocation(name: string, data: Buffer): Location | undefined {
  if (data.toString("latin1", 0, 4) !== "TZif") return undefined;
  const version = data[4];
  if (version !== 0 && version !== 0x32 && version !== 0x33) return undefined;
  const wide = version !== 0;
  let counts = readCounts(data, 0);
  let at = headerSize;
  if (wide) {
    // The same data follows the 32-bit form in 64 bits.
    at += bodySize(counts, 4);
    counts = readCounts(data, at);
    at += headerSize;
  }
  if (counts.zones === 0) return undefined;
  const timeSize = wide ? 8 : 4;
  const zoneIndexes = at + counts.times * timeSize;
  const zonesAt = zoneIndexes + counts.times;
  const namesAt = zonesAt + counts.zones * 6;
  const end = at + bodySize(counts, timeSize);
  if (data.length < end) return undefined;

  const zones: Zone[] = [];
  for (let index = 0; index < counts.zones; index++) {
    const entry = zonesAt + index * 6;
    const nameAt = data.readUInt8(entry + 5);
    if (nameAt >= counts.characters) return undefined;
    const names = data.toString("latin1", namesAt + nameAt, namesAt + counts.characters);
    zones.push({
      name: names.split("\0", 1)[0] as string,
      offset: data.readInt32BE(entry),
      isDst: data.readUInt8(entry + 4) !== 0,
    });
  }
  const transitions: Transition[] = [];
  for (let index = 0; index < counts.times; index++) {
    const zone = data.readUInt8(zoneIndexes + index);
    if (zone >= zones.length) return undefined;
    const timeAt = at + index * timeSize;
    transitions.push({ when: wide ? data.readBigInt64BE(timeAt) : BigInt(data.readInt32BE(timeAt)), zone });
  }
  // A place that never changed its clocks has no transitions: its zone holds for all time.
  if (transitions.length === 0) transitions.push({ when: alpha, zone: 0 });
  const footer = /^\n(.+)\n$/s.exec(data.toString("latin1", end))?.[1];
  return new Location(name, zones, transitions, footer === undefined ? undefined : parsePosixRule(footer));
}
