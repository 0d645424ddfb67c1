/**
 * What a formatter sees of a text: words, braces and comments with the white space before them. Words come from the
 * lexer with their exact extent, so that formatting can only ever change what stands between them.
 */
import { heredocText } from "./heredoc.ts";
import { lexLeniently } from "./lexer.ts";
import { isSpace, unit } from "./runes.ts";
import { plainSource } from "./source.ts";
import type { Token } from "./token.ts";

export interface Piece {
  /**
   * `open` and `close` are braces that stand alone. `line` runs to the end of its line, which ends with it.
   * `heredoc` is one whose lines are laid out anew. `tail` is the rest of the text, to be kept as it is.
   */
  readonly kind: "word" | "open" | "close" | "line" | "heredoc" | "tail";
  readonly raw: string;
  /** White space comes before it, and this many line feeds in it. */
  readonly space: boolean;
  readonly newlines: number;
  /** The lines of a heredoc without their padding, and its marker. */
  readonly lines?: readonly string[];
  readonly marker?: string;
  /** A bare `<<word` that is no heredoc only because a space follows. */
  readonly needsSpaceAfter?: boolean;
}

type Shape = Pick<Piece, "kind" | "raw"> & Partial<Piece>;

/** The pieces of a text in order. */
export function piecesOf(text: string): Piece[] {
  return new Scanner(text).scan();
}

class Scanner {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #pieces: Piece[] = [];
  /** Up to here the text is in pieces. */
  #at = 0;
  #space = true;
  #newlines = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = lexLeniently(plainSource(text, ""));
  }

  scan(): Piece[] {
    for (let index = 0; index < this.#tokens.length; index++) {
      const token = this.#tokens[index]!;
      // A piece may have taken several tokens.
      if (token.start < this.#at) continue;
      this.#gap(token.start);
      this.#token(token, index);
    }
    this.#gap(this.#text.length);
    return this.#pieces;
  }

  #push(shape: Shape, end: number): void {
    this.#pieces.push({ ...shape, space: this.#space, newlines: this.#newlines });
    this.#at = end;
    this.#space = shape.kind === "line";
    this.#newlines = 0;
  }

  /** What stands between tokens: white space, comments, and backslashes with the character that they escape. */
  #gap(end: number): void {
    const text = this.#text;
    while (this.#at < end) {
      const code = text.charCodeAt(this.#at);
      if (isSpace(code)) {
        this.#space = true;
        if (code === unit.lineFeed) this.#newlines++;
        this.#at++;
      } else if (code === unit.hash || text.startsWith("\\#", this.#at)) {
        this.#line(this.#at, this.#lineEnd(this.#at));
      } else if (code === unit.backslash || code === unit.byteOrderMark) {
        const pairEnd = Math.min(this.#at + (code === unit.backslash ? 2 : 1), end);
        this.#push({ kind: "word", raw: text.slice(this.#at, pairEnd) }, pairEnd);
      } else {
        // A quote without content or a heredoc without a line, at the end of the text: no token, but it is there.
        this.#push({ kind: "tail", raw: text.slice(this.#at) }, text.length);
      }
    }
  }

  #lineEnd(from: number): number {
    const found = this.#text.indexOf("\n", from);
    return found < 0 ? this.#text.length : found;
  }

  #line(start: number, end: number): void {
    this.#push({ kind: "line", raw: this.#text.slice(start, end) }, end + 1);
  }

  #token(token: Token, index: number): void {
    const raw = this.#text.slice(token.start, token.end);
    if (token.quote === "<") this.#heredoc(token, raw);
    else if (token.quote !== "") this.#push({ kind: "word", raw }, token.end);
    else if (/^\\?["`]/.test(raw)) this.#push({ kind: "tail", raw }, token.end);
    else this.#bareWord(token, raw, index);
  }

  #bareWord(token: Token, raw: string, index: number): void {
    const hash = unescapedHash(raw);
    if (hash > 0) {
      this.#line(token.start, this.#lineEndOutsideTokens(token.start + hash, index));
      return;
    }
    // A backslash at the end belongs to the character behind it; a CR there is white space.
    const word = /^(.*?)\r*$/su.exec(raw)![1]!;
    const trailing = /\\*$/.exec(word)![0].length;
    const content = trailing % 2 === 1 ? word.slice(0, -1) : word;
    const kind = content === "{" ? "open" : content === "}" ? "close" : "word";
    const follower = this.#text[token.end] ?? " ";
    const needsSpaceAfter = content.startsWith("<<") && follower === " ";
    this.#push({ kind, raw: content, needsSpaceAfter }, token.start + content.length);
  }

  /** Caddy's formatter takes a `#` inside a word for a comment: it leaves the rest of the line alone. */
  #lineEndOutsideTokens(from: number, index: number): number {
    let end = this.#lineEnd(from);
    for (let next = index + 1; next < this.#tokens.length; next++) {
      const token = this.#tokens[next]!;
      if (token.start >= end) break;
      if (token.end > end) end = this.#lineEnd(token.end);
    }
    return end;
  }

  #heredoc(token: Token, raw: string): void {
    const [opening, marker] = /^<<([^\r\n]*)\r*\n/.exec(raw) ?? [];
    const body = opening === undefined ? "" : raw.slice(opening.length);
    if (opening?.endsWith("\r\n") && marker !== undefined && body.endsWith(marker)) {
      const lines = heredocLines(body, marker);
      if (lines) {
        this.#push({ kind: "heredoc", raw, lines, marker }, token.end);
        return;
      }
    }
    // Caddy's formatter wants white space behind the closing marker, its lexer does not: go on to the one that has it.
    const end = marker ? this.#markerEnd(marker, token.start + raw.length - body.length) : token.end;
    this.#push({ kind: "word", raw: this.#text.slice(token.start, end) }, end);
  }

  #markerEnd(marker: string, from: number): number {
    const text = this.#text;
    for (let found = text.indexOf(marker, from); found >= 0; found = text.indexOf(marker, found + 1)) {
      const end = found + marker.length;
      if (end === text.length || isSpace(text.charCodeAt(end))) return end;
    }
    return text.length;
  }
}

/** The lines of a heredoc's body; undefined when they are not all padded alike. */
function heredocLines(body: string, marker: string): string[] | undefined {
  try {
    const content = heredocText(body, marker, 0);
    return body.includes("\n") ? content.split("\n") : [];
  } catch {
    return undefined;
  }
}

/** The index of a `#` that no backslash escapes; -1 without one. */
function unescapedHash(raw: string): number {
  if (!raw.includes("#")) return -1;
  for (let at = 0; at < raw.length; at++) {
    if (raw[at] === "\\") at++;
    else if (raw[at] === "#") return at;
  }
  return -1;
}
