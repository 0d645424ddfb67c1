import { anyType, GoSlice, type GoValue, zeroOf } from "../values/index.ts";

/**
 * Go's lists can be cut longer than they are, up to the memory that stands behind them: sprig's `slice` does. How much
 * that is depends on how a list was made.
 */

/** Bytes of the blocks that Go's runtime hands out (runtime/sizeclasses.go). */
const sizeClasses: readonly number[] = [
  8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416,
  448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200,
  3456, 4096, 4864, 5120, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336,
  16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768,
];
const pageSize = 8192;
/** Larger blocks with pointers in them carry a header. */
const header = 8;
const largestWithoutHeader = 512;
const largestClass = 32768;

/** runtime.roundupsize */
function blockSize(bytes: number, hasPointers: boolean): number {
  if (bytes > largestClass - header) return Math.ceil(bytes / pageSize) * pageSize;
  const extra = hasPointers && bytes > largestWithoutHeader ? header : 0;
  return (sizeClasses.find((size) => size >= bytes + extra) ?? largestClass) - extra;
}

/** From here on capacities grow by less than the double. */
const doubledBelow = 256;

/** The capacity after an append of one element to a full list (runtime.growslice). */
function grown(capacity: number, elementSize: number): number {
  const wanted =
    capacity < doubledBelow
      ? Math.max(1, capacity * 2)
      : capacity + Math.floor((capacity + 3 * doubledBelow) / 4);
  return Math.floor(blockSize(wanted * elementSize, elementSize > 8) / elementSize);
}

/** The capacity that a list's elements were appended to, one by one. */
const startingCapacity = new WeakMap<GoSlice, number>();
/** What stands in memory from a cut list's first element on. */
const memory = new WeakMap<GoSlice, readonly GoValue[]>();

/** Notes that a list was made by appending to one with room for `capacity` elements. */
export function appended(list: GoSlice, capacity = 0): GoSlice {
  startingCapacity.set(list, capacity);
  return list;
}

/** Notes that all but the first of a list's elements, each of two words, were appended in one go. */
export function appendedAtOnce(list: GoSlice): GoSlice {
  return appended(list, Math.floor(blockSize(list.items.length * 16, true) / 16));
}

function capacityOf(list: GoSlice): number {
  const { length } = list.items;
  let capacity = startingCapacity.get(list) ?? length;
  // Texts and values of any type take two words, ints one.
  const elementSize = list.type.elem?.kind === "int" ? 8 : 16;
  while (capacity < length) capacity = grown(capacity, elementSize);
  return capacity;
}

/** A list's elements and the zeros behind them that it could grow into. */
export function memoryOf(list: GoSlice): readonly GoValue[] {
  const known = memory.get(list);
  if (known) return known;
  const spare = capacityOf(list) - list.items.length;
  if (spare === 0) return list.items;
  return [...list.items, ...new Array<GoValue>(spare).fill(zeroOf(list.type.elem ?? anyType))];
}

/** The part of a list's memory between two places; it keeps the memory behind it. */
export function cut(list: GoSlice, start: number, end: number): GoSlice {
  const all = memoryOf(list);
  const part = new GoSlice(list.type, all.slice(start, end));
  memory.set(part, all.slice(start));
  return part;
}

/** Gives a copy of a list the same room. */
export function sameRoom(copy: GoSlice, list: GoSlice): GoSlice {
  const room = memoryOf(list).length;
  // Nothing is noted of a list that has none to spare: millions of notes keep the garbage collector busy for seconds.
  return room === copy.items.length ? copy : appended(copy, room);
}
