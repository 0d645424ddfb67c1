/**
 * Text to tokens, as Caddy's lexer does it (caddyconfig/caddyfile/lexer.go, 2.10). It walks an index over the text
 * and takes slices; a token's text is put together piece by piece only where a backslash or CR drops out of it.
 */
import { SupervisorError } from "../errors.ts";
import { heredocMarker, heredocText, incompleteHeredoc } from "./heredoc.ts";
import { countLineFeeds, isSpace, trimSpaceEnd, unit } from "./runes.ts";
import { placeOf, type Source } from "./source.ts";
import type { Quote, Token } from "./token.ts";

const noImports: readonly string[] = [];

/** Units that end the plain run of a word: white space and the backslash. Above ASCII, isSpace decides. */
const stopsWord = new Uint8Array(128);
for (const code of [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, unit.backslash]) stopsWord[code] = 1;

class Lexer {
  readonly #source: Source;
  readonly #text: string;
  #at: number;
  #line = 1;
  /** Line feeds that did not count yet: escaped ones, and those of a heredoc. They count with the next real one. */
  #skippedLines = 0;
  /** A backslash was read whose meaning the next character decides. */
  #escaped = false;
  #tokenLine = 1;
  #tokenStart = 0;

  /** Take what looks like a heredoc and is none for a bare word, instead of throwing. */
  readonly #lenient: boolean;

  constructor(source: Source, lenient: boolean) {
    this.#source = source;
    this.#lenient = lenient;
    this.#text = source.text;
    this.#at = this.#text.charCodeAt(0) === unit.byteOrderMark ? 1 : 0;
  }

  /** The text ended in a quote, or right behind the opening of a heredoc: white space behind it would count. */
  unfinished = false;

  next(): Token | undefined {
    const text = this.#text;
    this.#escaped = false;
    while (this.#at < text.length) {
      const code = text.charCodeAt(this.#at);
      if (code === unit.space || code === unit.tab) {
        this.#at++;
      } else if (code === unit.hash) {
        this.#skipComment();
      } else if (code === unit.backslash && !this.#escaped) {
        this.#escaped = true;
        this.#at++;
      } else if (isSpace(code)) {
        this.#passSpace(code);
      } else {
        this.#tokenLine = this.#line;
        this.#tokenStart = this.#escaped && text[this.#at - 1] === "\\" ? this.#at - 1 : this.#at;
        if (code === unit.quote) return this.#quoted();
        if (code === unit.backtick) return this.#backticked();
        return this.#word();
      }
    }
    return undefined;
  }

  #token(text: string, quote: Quote, end = this.#at): Token {
    return {
      text,
      line: this.#tokenLine,
      quote,
      file: this.#source.file,
      imports: noImports,
      snippet: "",
      source: this.#source,
      start: this.#tokenStart,
      end,
    };
  }

  #countLine(): void {
    this.#line += 1 + this.#skippedLines;
    this.#skippedLines = 0;
  }

  #passSpace(code: number): void {
    this.#at++;
    if (code !== unit.lineFeed) return;
    if (this.#escaped) {
      this.#skippedLines++;
      this.#escaped = false;
    } else {
      this.#countLine();
    }
  }

  /** To the end of the line. A backslash anywhere in a comment still joins the next line to this one. */
  #skipComment(): void {
    const found = this.#text.indexOf("\n", this.#at);
    const end = found < 0 ? this.#text.length : found;
    for (let at = this.#at; at < end && !this.#escaped; at++)
      this.#escaped = this.#text.charCodeAt(at) === unit.backslash;
    this.#at = end;
  }

  /** A double-quoted token. Only `\"` is an escape; without a closing quote the rest of the text is a bare token. */
  #quoted(): Token | undefined {
    const text = this.#text;
    let out = "";
    let from = ++this.#at;
    for (; this.#at < text.length; this.#at++) {
      const code = text.charCodeAt(this.#at);
      if (this.#escaped) {
        if (code !== unit.quote) out += "\\";
        this.#escaped = false;
      } else if (code === unit.backslash) {
        out += text.slice(from, this.#at);
        from = this.#at + 1;
        this.#escaped = true;
        continue;
      } else if (code === unit.quote) {
        out += text.slice(from, this.#at++);
        return this.#token(out, '"');
      }
      if (code === unit.lineFeed) this.#countLine();
    }
    out += text.slice(from);
    this.unfinished = true;
    return out === "" ? undefined : this.#token(out, "");
  }

  #backticked(): Token | undefined {
    const from = ++this.#at;
    const found = this.#text.indexOf("`", from);
    const end = found < 0 ? this.#text.length : found;
    const breaks = countLineFeeds(this.#text, from, end);
    if (breaks > 0) {
      this.#line += breaks + this.#skippedLines;
      this.#skippedLines = 0;
    }
    this.#at = found < 0 ? end : end + 1;
    const content = this.#text.slice(from, end);
    if (found >= 0) return this.#token(content, "`");
    this.unfinished = true;
    return content === "" ? undefined : this.#token(content, "");
  }

  #word(): Token | undefined {
    return this.#plainWord() ?? this.#anyWord();
  }

  /** The common case, apart for speed: ASCII without a backslash or CR, and no heredoc. */
  #plainWord(): Token | undefined {
    const text = this.#text;
    const start = this.#at;
    if (this.#escaped || text.charCodeAt(start) === unit.less) return undefined;
    let end = start;
    let code = text.charCodeAt(end);
    // Behind the end of the text the code is NaN, which no comparison holds for.
    while (code < 128 && stopsWord[code] === 0) code = text.charCodeAt(++end);
    if (code >= 128 || code === unit.backslash || code === unit.carriageReturn) return undefined;
    this.#at = end;
    if (end < text.length) this.#passSpace(code);
    return this.#token(text.slice(start, end), "", end);
  }

  #anyWord(): Token | undefined {
    const text = this.#text;
    let out = "";
    let from = this.#at;
    // Only a word that begins with `<` can open a heredoc; an escaped `<` anywhere in it prevents that.
    let mayOpenHeredoc = text.charCodeAt(from) === unit.less && !this.#escaped;
    for (; this.#at < text.length; this.#at++) {
      if (mayOpenHeredoc && this.#at - this.#tokenStart > 1) {
        const sofar = out + text.slice(from, this.#at);
        if (sofar.startsWith("<<")) return this.#heredoc();
        mayOpenHeredoc = sofar.length < 2;
      }
      const code = text.charCodeAt(this.#at);
      if (code < 128 ? stopsWord[code] === 0 : !isSpace(code)) {
        if (!this.#escaped) continue;
        if (code === unit.less) mayOpenHeredoc = false;
        else out += "\\";
        this.#escaped = false;
        continue;
      }
      out += text.slice(from, this.#at);
      if (code === unit.backslash) {
        from = this.#at + 1;
        if (this.#escaped) {
          out += "\\";
          from--;
        }
        this.#escaped = !this.#escaped;
      } else if (code === unit.carriageReturn) {
        from = this.#at + 1;
      } else {
        const end = this.#at;
        this.#passSpace(code);
        return this.#token(out, "", end);
      }
    }
    return this.#token(out + text.slice(from), "");
  }

  /** From behind `<<`: a heredoc, or a bare word when a space or the end of the text comes before the line's end. */
  #heredoc(): Token | undefined {
    const text = this.#text;
    let lineEnd = this.#at;
    while (lineEnd < text.length && text[lineEnd] !== "\n" && text[lineEnd] !== " ") lineEnd++;
    const word = `<<${text.slice(this.#at, lineEnd).replaceAll("\r", "")}`;
    this.#at = Math.min(lineEnd + 1, text.length);
    if (text[lineEnd] !== "\n") return this.#token(word, "", lineEnd);

    const marker = this.#unlessLenient(() => heredocMarker(word, this.#line));
    if (marker === undefined) {
      this.#at = lineEnd;
      return this.#token(word, "");
    }
    const bodyStart = lineEnd + 1;
    const found = text.indexOf(marker, bodyStart);
    this.#skippedLines += 1 + countLineFeeds(text, bodyStart, found < 0 ? text.length : found);
    if (found < 0) {
      this.#at = text.length;
      this.unfinished = bodyStart === text.length;
      if (this.unfinished) return undefined;
      if (this.#lenient) return this.#token("", "<", trimSpaceEnd(text).length);
      throw this.#placed(incompleteHeredoc(marker, this.#line + this.#skippedLines));
    }
    this.#at = found + marker.length;
    const body = text.slice(bodyStart, this.#at);
    const content = this.#unlessLenient(() => heredocText(body, marker, this.#line)) ?? body;
    this.#line += this.#skippedLines;
    this.#skippedLines = 0;
    return this.#token(content, "<");
  }

  #unlessLenient<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (this.#lenient) return undefined;
      throw error instanceof SupervisorError ? this.#placed(error) : error;
    }
  }

  /** The error at the token that was begun; the message names the line itself. */
  #placed({ code, message, hint }: SupervisorError): SupervisorError {
    return new SupervisorError(code, message, { place: placeOf(this.#source, this.#tokenStart), hint });
  }
}

/**
 * All tokens of a source.
 * @throws SupervisorError for a heredoc that is not one, and (as Caddy does) `EOF` for an empty text.
 */
export function lex(source: Source): Token[] {
  if (source.text === "") throw new SupervisorError("CADDYFILE_SYNTAX", "EOF");
  return allTokens(new Lexer(source, false));
}

/**
 * As {@link lex}, but never throws: what looks like a heredoc and is none is a bare word. `unfinished` tells that
 * the text ends in a quote, or right behind the opening of a heredoc. For formatting.
 */
export function lexLeniently(source: Source): { tokens: Token[]; unfinished: boolean } {
  const lexer = new Lexer(source, true);
  const tokens = allTokens(lexer);
  return { tokens, unfinished: lexer.unfinished };
}

function allTokens(lexer: Lexer): Token[] {
  const tokens: Token[] = [];
  for (let token = lexer.next(); token; token = lexer.next()) tokens.push(token);
  return tokens;
}
