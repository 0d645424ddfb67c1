import type { Place } from "../errors.ts";
import { countLineFeeds } from "./runes.ts";
import { placeOf, type Source } from "./source.ts";

/** What enclosed a token: nothing, `"`, a backtick, or `<` for a heredoc. */
export type Quote = "" | '"' | "`" | "<";

/** A word of a Caddyfile, with all that messages and imports need to know of it. */
export interface Token {
  readonly text: string;
  /**
   * The line in Caddy's own count, from 1: a line that ends with a backslash and the next one are the same
   * line. Use {@link tokenPlace} for where it stands physically.
   */
  readonly line: number;
  readonly quote: Quote;
  /** The file's name as messages show it. */
  readonly file: string;
  /** The import directives that brought it here, outermost last: `Caddyfile:3 (import snip)`. */
  readonly imports: readonly string[];
  /** The snippet in whose definition it stands; empty outside. */
  readonly snippet: string;
  /** The text it was lexed from, and where in it; end is exclusive. */
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/**
 * Where the token stands in the user's file.
 * @param last the last one of several tokens of one line, to take them together.
 */
export function tokenPlace(token: Token, last = token): Place {
  const end = last.source === token.source ? last.end : token.end;
  return placeOf(token.source, token.start, end, token.imports);
}

/** The line breaks inside a token. A heredoc has two more than its text: after the opening and before the closing marker. */
export function lineBreaks(token: Token): number {
  // A bare word has none, but for one that an import's argument was put into or that a quote was left open in.
  const inText = token.text.includes("\n") ? countLineFeeds(token.text) : 0;
  return inText + (token.quote === "<" ? 2 : 0);
}

/**
 * Whether `next` begins a new line after `token`: another file or another import chain always does
 * (Caddy's isNextOnNewLine).
 */
export function onNewLine(token: Token, next: Token): boolean {
  if (token.file !== next.file) return true;
  if (token.imports !== next.imports && !sameChain(token.imports, next.imports)) return true;
  return token.line + lineBreaks(token) < next.line;
}

function sameChain(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
