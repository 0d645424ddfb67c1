import type { GoKey, GoMap } from "./model.ts";

function order(left: GoKey, right: GoKey): number {
  // NaN sorts before all other floats (internal/fmtsort.compare).
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : -1;
  if (Number.isNaN(right)) return 1;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A map's keys in the order in which fmt prints and `range` visits them (internal/fmtsort). */
export function sortedKeys(map: GoMap): GoKey[] {
  return [...map.entries.keys()].sort(order);
}
