/**
 * Where tokens come from: a text, what {$VAR} made of it, and the way back from an offset in the expanded text
 * to the line and column that the user wrote.
 */
import type { Place } from "../errors.ts";

/** One {$VAR} that was replaced. Offsets are UTF-16 units; ends are exclusive. */
export interface Expansion {
  readonly start: number;
  readonly end: number;
  readonly originalStart: number;
  readonly originalEnd: number;
}

/** A text that was lexed. */
export interface Source {
  /** The name in messages: as given for the main file, an absolute path for imported ones. */
  readonly file: string;
  /** What the user wrote. */
  readonly original: string;
  /** `original` with every {$VAR} replaced: what is lexed. */
  readonly text: string;
  /** In order of appearance; empty when nothing was replaced. */
  readonly expansions: readonly Expansion[];
}

/** A source without environment variables. */
export function plainSource(text: string, file: string): Source {
  return { file, original: text, text, expansions: [] };
}

/** The offset in the user's own text; inside a replaced variable, the variable's start. */
export function originalOffset(source: Source, offset: number): number {
  const before = lastExpansionFrom(source, offset);
  if (!before) return offset;
  return offset < before.end ? before.originalStart : before.originalEnd + (offset - before.end);
}

function lastExpansionFrom({ expansions }: Source, offset: number): Expansion | undefined {
  let low = 0;
  let high = expansions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (expansions[middle]!.start <= offset) low = middle + 1;
    else high = middle;
  }
  return expansions[low - 1];
}

/** The offset in the user's own text that ends what ends here; inside a replaced variable, the variable's end. */
function originalEnd(source: Source, offset: number): number {
  const before = lastExpansionFrom(source, offset - 1);
  return before && offset <= before.end ? before.originalEnd : originalOffset(source, offset);
}

/**
 * The physical place, in the user's own text, of what stands from `start` to `end` (exclusive) in the expanded text.
 * Lines and columns count from 1, columns in UTF-16 units.
 * @param imports the chain of import directives that led there
 */
export function placeOf(source: Source, start: number, end = start, imports: readonly string[] = []): Place {
  const place: Place = {
    file: source.file,
    ...positionIn(source, originalOffset(source, start)),
    ...(end > start ? { end: positionIn(source, originalEnd(source, end)) } : {}),
    ...(imports.length > 0 ? { imports } : {}),
  };
  texts.set(place, source.original);
  return place;
}

/** The texts that places were made in. */
const texts = new WeakMap<Place, string>();

/** The text that a place of {@link placeOf} is in, as the user wrote it: for showing, also when it came from stdin. */
export function textAround(place: Place): string | undefined {
  return texts.get(place);
}

/** Where the lines of a source's own text begin: found once, so that many places take no longer than few. */
const lineStarts = new WeakMap<Source, readonly number[]>();

function lineStartsOf(source: Source): readonly number[] {
  const known = lineStarts.get(source);
  if (known) return known;
  const starts = [0];
  const { original } = source;
  for (let at = original.indexOf("\n"); at !== -1; at = original.indexOf("\n", at + 1)) starts.push(at + 1);
  lineStarts.set(source, starts);
  return starts;
}

function positionIn(source: Source, offset: number): { line: number; column: number } {
  const starts = lineStartsOf(source);
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  return { line: low, column: offset - starts[low - 1]! + 1 };
}
