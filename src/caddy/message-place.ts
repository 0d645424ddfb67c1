import type { ParsedCaddyfile } from "../caddyfile/parse.ts";
import { placeOf } from "../caddyfile/source.ts";
import type { Place } from "../errors.ts";

/**
 * The place that a message of Caddy's names: at its end since 2.7, at its begin before. Caddy counts the lines of a text
 * whose variables are replaced; with `parsed` the place is that of the line in the user's own text, and of what stands in it.
 */
export function messagePlace(message: string, parsed?: ParsedCaddyfile): Place | undefined {
  const match = /, at ([^\s:]+):(\d+)/.exec(message) ?? /(?:^|: )([^\s:]+):(\d+)(?: - |: )/.exec(message);
  if (match === null) return undefined;
  const [, file = "", digits] = match;
  const line = Number(digits);
  const source = parsed && sourcesOf(parsed).find((candidate) => candidate.file === file);
  const words = source && wordsOfLine(source.text, line);
  return words ? placeOf(source, words.start, words.end) : { file, line };
}

function sourcesOf({ main, imports }: ParsedCaddyfile) {
  return [main, ...imports.flatMap(({ files }) => files.flatMap(({ source }) => source ?? []))];
}

/** From the first to the last word of a line; undefined when it has none. */
function wordsOfLine(text: string, line: number): { start: number; end: number } | undefined {
  const lines = text.split("\n");
  const words = lines[line - 1]?.trim();
  if (!words) return undefined;
  const lineStart = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  const start = text.indexOf(words, lineStart);
  return { start, end: start + words.length };
}
