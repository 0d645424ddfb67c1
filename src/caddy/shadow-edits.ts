import { posix } from "node:path";
import { located } from "../caddyfile/dispenser.ts";
import { expandEnv } from "../caddyfile/env-vars.ts";
import { lex } from "../caddyfile/lexer.ts";
import { plainSource, type Source } from "../caddyfile/source.ts";
import { type Token, tokenPlace } from "../caddyfile/token.ts";
import { SupervisorError } from "../errors.ts";

/** Holds `{$` in the environment of `caddy adapt`, so that a text can contain it without being expanded again. */
export const openBraceVariable = "CADDY_SUPERVISOR_OPEN_BRACE";

/** The text such that Caddy's expansion of environment variables gives `text` itself. */
export function escapeEnv(text: string): string {
  return expandEnv(text, "", {}).expansions.length === 0
    ? text
    : text.replaceAll("{$", `{$${openBraceVariable}}`);
}

/** A path as one word of a Caddyfile. */
export function quoted(path: string): string {
  if (/^[^\s"`#{}<\\]+$/.test(path)) return path;
  return path.includes("`") ? `"${path.replaceAll('"', '\\"')}"` : `\`${path}\``;
}

interface Range {
  start: number;
  end: number;
}

/**
 * The changes that make a shadow copy of one file. They apply to the text with its environment variables expanded: the
 * option, or a part of it, may stand in a variable, and Caddy counts the lines of the expanded text too.
 */
export class ShadowEdits {
  readonly source: Source;
  readonly #blanks: Range[] = [];
  /** By where the word stands: what takes its place; null for nothing. */
  readonly #patterns = new Map<number, { end: number; text: string | null }>();

  constructor(source: Source) {
    this.source = source;
  }

  /** Takes a word out. */
  blank(token: Token): void {
    this.blankRange(token.start, token.end);
  }

  blankRange(start: number, end: number): void {
    this.#blanks.push({ start, end });
  }

  /** The word after `import` names a snippet. */
  keepPattern(pattern: Token): void {
    this.#set(pattern, null);
  }

  /** The word after `import` is relative to `folder`. */
  prefixPattern(pattern: Token, folder: string): void {
    if (posix.isAbsolute(pattern.text)) {
      this.keepPattern(pattern);
      return;
    }
    const written = this.#asWritten(pattern);
    if (/^\{args\[.*:.*\]\}$/.test(written)) throw this.#unusable(pattern);
    this.#set(pattern, posix.join(folder, written));
  }

  /** The word after `import` becomes the path of another file. */
  replacePattern(pattern: Token, path: string): void {
    if (this.#asWritten(pattern) !== pattern.text) throw this.#unusable(pattern);
    this.#set(pattern, path);
  }

  /** The shadow text. */
  text(): string {
    const { text } = this.source;
    const changes = [
      ...this.#mergedBlanks().map((range) => blanked(text, range)),
      ...[...this.#patterns].flatMap(([start, { end, text: path }]) =>
        path === null ? [] : [{ start, end, text: quoted(path) }],
      ),
    ].sort((a, b) => a.start - b.start);
    let out = "";
    let at = 0;
    for (const change of changes) {
      // An import inside the option is gone with it.
      if (change.start < at) continue;
      out += text.slice(at, change.start) + change.text;
      at = change.end;
    }
    return escapeEnv(out + text.slice(at));
  }

  /** The word before `{args[…]}` was filled in. */
  #asWritten(token: Token): string {
    const raw = this.source.text.slice(token.start, token.end);
    return lex(plainSource(raw, token.file))[0]?.text ?? token.text;
  }

  #set(pattern: Token, text: string | null): void {
    const known = this.#patterns.get(pattern.start);
    if (known && known.text !== text) throw this.#unusable(pattern);
    this.#patterns.set(pattern.start, { end: pattern.end, text });
  }

  #unusable(pattern: Token): SupervisorError {
    return new SupervisorError(
      "CADDYFILE_SHADOW",
      `import of '${pattern.text}' through an argument cannot be handed to Caddy${located(pattern)}`,
      {
        place: tokenPlace(pattern),
        hint: "pass an absolute path, or write the import where its path is known",
      },
    );
  }

  /** What is to go, together with the comments and blank lines in between. */
  #mergedBlanks(): Range[] {
    const merged: Range[] = [];
    for (const range of this.#blanks.toSorted((a, b) => a.start - b.start)) {
      const last = merged.at(-1);
      if (last && isFiller(this.source.text.slice(last.end, range.start)))
        last.end = Math.max(last.end, range.end);
      else merged.push({ ...range });
    }
    return merged;
  }
}

/** White space, continued lines and comments. */
function isFiller(text: string): boolean {
  return /^(?:[\s\\]|#[^\n]*)*$/.test(text);
}

/**
 * The lines of a range as lone `#`s, all indented as the first line is: the block around the deeper ones is gone, and
 * Caddy would call the text unformatted. Blank lines stay, and so does what else is on the lines.
 */
function blanked(text: string, { start, end }: Range): Range & { text: string } {
  const lineEnd = text.indexOf("\n", end);
  const rest = text.slice(end, lineEnd < 0 ? text.length : lineEnd);
  const endsLine = isFiller(rest);
  const lines = text.slice(start, end).split("\n");
  const firstLine = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  const margin = /^[\t ]*/.exec(firstLine)![0];
  const marks = lines.map((line, index) => {
    const indent = index === 0 ? "" : margin;
    if (index === lines.length - 1 && !endsLine) return indent;
    return index > 0 && line.trim() === "" ? "" : `${indent}#`;
  });
  return { start, end: endsLine ? end + rest.length : end, text: marks.join("\n") };
}
