/** Go's filepath.Glob and filepath.Match, for paths with `/`. */
import { posix } from "node:path";
import type { FileReader } from "./file-reader.ts";

/** Go's filepath.ErrBadPattern. */
export class BadPattern extends Error {
  constructor() {
    super("syntax error in pattern");
  }
}

const meta = /[*?[\\]/;

/**
 * The paths that match, sorted name by name. Without a wildcard it is the path itself, if there is such an entry.
 * @throws BadPattern
 */
export function glob(pattern: string, files: FileReader): string[] {
  compile(pattern);
  if (!meta.test(pattern)) return files.exists(pattern) ? [pattern] : [];
  const slash = pattern.lastIndexOf("/");
  const directory = slash < 0 ? "." : slash === 0 ? "/" : pattern.slice(0, slash);
  const matcher = compile(pattern.slice(slash + 1));
  const directories = meta.test(directory) ? glob(directory, files) : [directory];
  return directories
    .filter((parent) => files.kind(parent) === "directory")
    .flatMap((parent) =>
      files
        .list(parent)
        .filter((name) => matcher.test(name))
        .sort(byBytes)
        .map((name) => posix.join(parent, name)),
    );
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** A pattern of one path as a regular expression: `*`, `?`, `[a-z]`, `[^a]` and backslash escapes. */
function compile(pattern: string): RegExp {
  const runes = Array.from(pattern);
  let source = "";
  for (let at = 0; at < runes.length; at++) {
    const rune = runes[at]!;
    if (rune === "*") source += "[^/]*";
    else if (rune === "?") source += "[^/]";
    else if (rune === "[") {
      const set = characterSet(runes, at + 1);
      source += set.source;
      at = set.end;
    } else if (rune === "\\") {
      if (++at >= runes.length) throw new BadPattern();
      source += literal(runes[at]!);
    } else source += literal(rune);
  }
  return new RegExp(`^${source}$`, "su");
}

/** What stands between `[` and `]`; `end` is the index of the `]`. */
function characterSet(runes: readonly string[], start: number): { source: string; end: number } {
  const negated = runes[start] === "^";
  let at = negated ? start + 1 : start;
  const one = (): string => {
    const rune = runes[at++];
    if (rune === undefined || rune === "-" || rune === "]") throw new BadPattern();
    if (rune !== "\\") return rune;
    const escaped = runes[at++];
    if (escaped === undefined) throw new BadPattern();
    return escaped;
  };
  const ranges: string[] = [];
  do {
    const low = one();
    let high = low;
    if (runes[at] === "-") {
      at++;
      high = one();
    }
    if (low.codePointAt(0)! <= high.codePointAt(0)!) ranges.push(`${literal(low)}-${literal(high)}`);
    if (at >= runes.length) throw new BadPattern();
  } while (runes[at] !== "]");
  const members = ranges.join("");
  if (members === "") return { source: negated ? "[^/]" : "(?!)", end: at };
  return { source: negated ? `(?!/)[^${members}]` : `(?!/)[${members}]`, end: at };
}

function literal(rune: string): string {
  return `\\u{${rune.codePointAt(0)!.toString(16)}}`;
}
