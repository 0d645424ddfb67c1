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

/** The physical place of an offset of the expanded text, in the user's own text. */
export function placeOf(source: Source, offset: number): Place {
  return placeIn(source.original, source.file, originalOffset(source, offset));
}

/** The place of an offset of `text`: line and column count from 1, columns in UTF-16 units. */
export function placeIn(text: string, file: string, offset: number): Place & { column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { file, line, column: offset - lineStart + 1 };
}
