/** A line of a difference: in both texts, only in the old one, or only in the new one. */
export interface DiffLine {
  readonly kind: " " | "-" | "+";
  readonly text: string;
}

/** With more differing lines than this the differing part is shown as a whole: the search is quadratic in them. */
const mostEdits = 2_000;

/** A shortest difference of two texts, line by line (Myers' greedy algorithm). */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start++;
  let same = 0;
  while (same < shorter - start && before[before.length - 1 - same] === after[after.length - 1 - same])
    same++;
  return [
    ...before.slice(0, start).map((text) => ({ kind: " " as const, text })),
    ...middle(before.slice(start, before.length - same), after.slice(start, after.length - same)),
    ...before.slice(before.length - same).map((text) => ({ kind: " " as const, text })),
  ];
}

function middle(before: readonly string[], after: readonly string[]): DiffLine[] {
  const rounds = furthestReaching(before, after);
  if (!rounds)
    return [
      ...before.map((text) => ({ kind: "-" as const, text })),
      ...after.map((text) => ({ kind: "+" as const, text })),
    ];
  const lines: DiffLine[] = [];
  let x = before.length;
  let y = after.length;
  for (let round = rounds.length - 1; round > 0; round--) {
    const reach = rounds[round - 1]!;
    const k = x - y;
    const down = k === -round || (k !== round && at(reach, k - 1) < at(reach, k + 1));
    const fromX = at(reach, down ? k + 1 : k - 1);
    const fromY = fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY) {
      lines.push({ kind: " ", text: before[--x]! });
      y--;
    }
    if (x > fromX) lines.push({ kind: "-", text: before[--x]! });
    else if (y > fromY) lines.push({ kind: "+", text: after[--y]! });
  }
  while (x > 0) lines.push({ kind: " ", text: before[--x]! });
  return lines.reverse();
}

/** How far along each diagonal a number of edits reaches, for 0, 1, 2 … edits; undefined when they are too many. */
function furthestReaching(before: readonly string[], after: readonly string[]) {
  const rounds: Map<number, number>[] = [];
  for (let edits = 0; edits <= mostEdits; edits++) {
    const last = rounds[edits - 1];
    const reach = new Map<number, number>();
    rounds.push(reach);
    for (let k = -edits; k <= edits; k += 2) {
      let x = 0;
      if (last) x = k === -edits || at(last, k - 1) < at(last, k + 1) ? at(last, k + 1) : at(last, k - 1) + 1;
      while (x < before.length && x - k < after.length && x - k >= 0 && before[x] === after[x - k]) x++;
      reach.set(k, x);
      if (x >= before.length && x - k >= after.length) return rounds;
    }
  }
  return undefined;
}

function at(reach: ReadonlyMap<number, number>, k: number): number {
  return reach.get(k) ?? -1;
}
