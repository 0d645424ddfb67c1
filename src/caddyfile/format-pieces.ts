/**
 * What a formatter sees of a text: words, braces and comments with the white space before them. Words come from the
 * lexer with their exact extent, so that formatting can only ever change what stands between them.
 */
import { heredocText } from "./heredoc.ts";
import { lexLeniently } from "./lexer.ts";
import { isSpace, trimSpaceEnd, unit } from "./runes.ts";
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
  readonly lines: readonly string[] | undefined;
  readonly marker: string | undefined;
  /** A bare `<<word` that is no heredoc only because a space follows. */
  readonly needsSpaceAfter: boolean;
}

type Shape = Pick<Piece, "kind" | "raw"> & Partial<Piece>;

/** Hands out the pieces of a text in order. */
export function scanPieces(text: string, emit: (piece: Piece) => void): void {
  new Scanner(text, emit).scan();
}

class Scanner {
  readonly #whole: string;
  /** The text ends in a quote: what reaches its end must stay as it is. */
  readonly #unfinished: boolean;
  /** The text without the white space at its end, save what belongs to a token. */
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #emit: (piece: Piece) => void;
  #lastRaw = "";
  /** Up to here the text is in pieces. */
  #at = 0;
  #space = true;
  #newlines = 0;

  constructor(text: string, emit: (piece: Piece) => void) {
    this.#whole = text;
    this.#emit = emit;
    const { tokens, unfinished } = lexLeniently(plainSource(text, ""));
    this.#tokens = tokens;
    this.#unfinished = unfinished;
    const last = tokens.at(-1);
    const upToLast = last ? text.slice(0, last.end) : "";
    const tokensEnd = last?.quote === "" ? withoutCr(upToLast).length : upToLast.length;
    this.#text = unfinished ? text : text.slice(0, Math.max(tokensEnd, trimSpaceEnd(text).length));
  }

  scan(): void {
    for (let index = 0; index < this.#tokens.length; index++) {
      const token = this.#tokens[index]!;
      // A piece may have taken several tokens.
      if (token.start < this.#at) continue;
      this.#gap(token.start);
      this.#token(token, index);
    }
    this.#gap(this.#text.length);
  }

  #push(shape: Shape, end: number): void {
    const { kind, raw, lines, marker, needsSpaceAfter = false } = shape;
    this.#emit({ kind, raw, space: this.#space, newlines: this.#newlines, lines, marker, needsSpaceAfter });
    this.#lastRaw = raw;
    this.#at = end;
    this.#space = kind === "line";
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
      } else if ((code === unit.backslash && !opensQuote(text, this.#at)) || code === unit.byteOrderMark) {
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
    const raw = this.#text.slice(start, end);
    if (end < this.#text.length) this.#push({ kind: "line", raw }, end + 1);
    else this.#atEnd(raw);
  }

  #token(token: Token, index: number): void {
    const raw = this.#text.slice(token.start, token.end);
    if (token.quote === "<") this.#heredoc(token, raw, index);
    else if (token.quote !== "") this.#push({ kind: "word", raw }, token.end);
    else if (opensQuote(raw, 0)) this.#push({ kind: "tail", raw }, token.end);
    else this.#bareWord(token, raw, index);
  }

  #bareWord(token: Token, raw: string, index: number): void {
    const hash = unescapedHash(raw);
    if (hash > 0) {
      this.#line(token.start, this.#lineEndOutsideTokens(token.start + hash, index));
      return;
    }
    // A backslash at the end belongs to the character behind it; a CR there is white space.
    const word = withoutCr(raw);
    const opensHeredoc = looksLikeHeredoc(word);
    if (opensHeredoc && raw === word && this.#text[token.end] === "\n") {
      // No heredoc, for its marker is wrong: Caddy's formatter has ended the line before it sees that.
      this.#push({ kind: "line", raw }, token.end + 1);
      return;
    }
    const content = !opensHeredoc && endsInEscape(word) ? word.slice(0, -1) : word;
    // A backslash further back may have made the brace a part of a word (its text tells), or would make an
    // opening one that if it came onto its line.
    const kind = content === word && content === token.text ? this.#braceKind(content) : "word";
    const needsSpaceAfter = opensHeredoc && this.#isBareOpening(token);
    this.#push({ kind, raw: content, needsSpaceAfter }, token.start + content.length);
  }

  #braceKind(word: string): "open" | "close" | "word" {
    if (word === "}") return "close";
    const escaped = this.#newlines > 0 && /^\\[^\S\n]$/.test(this.#lastRaw);
    return word === "{" && !escaped ? "open" : "word";
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

  #heredoc(token: Token, raw: string, index: number): void {
    const [opening, marker] = /^<<([^\r\n]*)\r*\n/.exec(raw) ?? [];
    const body = opening === undefined ? "" : raw.slice(opening.length);
    if (
      opening?.endsWith("\r\n") &&
      marker !== undefined &&
      body.endsWith(marker) &&
      this.#spaceAt(token.end)
    ) {
      const lines = heredocLines(body, marker);
      if (lines) {
        this.#push({ kind: "heredoc", raw, lines, marker }, token.end);
        return;
      }
    }
    // Caddy's formatter wants white space behind the closing marker, its lexer does not: go on to the one that has it.
    const found = marker ? this.#markerEnd(marker, token.start + raw.length - body.length) : token.end;
    const end = this.#outsideTokens(found, index);
    const text = this.#text.slice(token.start, end);
    if (end < this.#text.length) this.#push({ kind: "word", raw: text }, end);
    else this.#atEnd(text);
  }

  /** A piece that reaches the end of the text. */
  #atEnd(raw: string): void {
    const kind = this.#unfinished ? "tail" : "word";
    this.#push({ kind, raw, needsSpaceAfter: this.#endsInBareOpening() }, this.#text.length);
  }

  #endsInBareOpening(): boolean {
    const last = this.#tokens.at(-1);
    return last !== undefined && last.end >= this.#text.length && this.#isBareOpening(last);
  }

  /** Whether a line feed behind the word, in place of the space or the end of the text, made it a heredoc. */
  #isBareOpening({ quote, start, end }: Token): boolean {
    if (quote !== "" || (this.#whole[end] ?? " ") !== " ") return false;
    return looksLikeHeredoc(this.#whole.slice(start, end));
  }

  /** `end`, or the end of the token that it lies in. */
  #outsideTokens(end: number, index: number): number {
    for (let next = index + 1; next < this.#tokens.length; next++) {
      const token = this.#tokens[next]!;
      if (token.start >= end) break;
      if (token.end > end) return token.end;
    }
    return end;
  }

  #spaceAt(at: number): boolean {
    return at >= this.#text.length || isSpace(this.#text.charCodeAt(at));
  }

  #markerEnd(marker: string, from: number): number {
    const text = this.#text;
    for (let found = text.indexOf(marker, from); found >= 0; found = text.indexOf(marker, found + 1)) {
      const end = found + marker.length;
      if (this.#spaceAt(end)) return end;
    }
    return text.length;
  }
}

/** Whether a quote opens here, escaped or not: a bare word cannot begin with one, so that it has no end then. */
function opensQuote(text: string, at: number): boolean {
  const first = text[at] === "\\" ? text[at + 1] : text[at];
  return first === '"' || first === "`";
}

/** Whether the backslashes at the end are odd in number: the last one escapes what comes. */
function endsInEscape(word: string): boolean {
  let start = word.length;
  while (word[start - 1] === "\\") start--;
  return (word.length - start) % 2 === 1;
}

function withoutCr(text: string): string {
  let end = text.length;
  while (text[end - 1] === "\r") end--;
  return text.slice(0, end);
}

function looksLikeHeredoc(word: string): boolean {
  return word.startsWith("<") && word.replaceAll("\r", "").startsWith("<<");
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
