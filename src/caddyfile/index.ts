/**
 * The Caddyfile language, usable alone: lexer, parser with imports, dispenser and formatter, as Caddy 2.10 reads it.
 */
import { lex } from "./lexer.ts";
import { type ParseOptions, parseTokens } from "./parse.ts";
import { plainSource } from "./source.ts";

export { type Place, SupervisorError } from "../errors.ts";
export { codeFrame } from "./code-frame.ts";
export { Dispenser } from "./dispenser.ts";
export type { Environment } from "./env-vars.ts";
export { type FileReader, nodeFiles } from "./file-reader.ts";
export { format } from "./formatter.ts";
export type { ImportLimits } from "./import-limits.ts";
export { lex } from "./lexer.ts";
export { type ParsedCaddyfile, type ParseOptions, parseTokens } from "./parse.ts";
export type { ImportRecord, ParseWarning, Segment, ServerBlock } from "./parser.ts";
export { plainSource, type Source } from "./source.ts";
export { type Quote, type Token, tokenPlace } from "./token.ts";

/** A word of a Caddyfile. */
export interface PlainToken {
  readonly text: string;
  /** In Caddy's count, from 1. */
  readonly line: number;
  /** In double quotes, backticks or a heredoc. */
  readonly quoted: boolean;
}

/**
 * The words of a text: no environment variables, no imports.
 * @throws SupervisorError for a bad heredoc, and `EOF` for an empty text.
 * @example
 * tokenize('respond "hi there"', "Caddyfile"); // [{ text: "respond", line: 1, quoted: false }, { text: "hi there", … }]
 */
export function tokenize(text: string, filename: string): PlainToken[] {
  return lex(plainSource(text, filename)).map(({ text, line, quote }) => ({
    text,
    line,
    quoted: quote !== "",
  }));
}

/** A server block as plain words. */
export interface PlainBlock {
  /** Site addresses; none for the global options. */
  readonly keys: string[];
  /** Each directive with its arguments and block, flat, braces included. */
  readonly segments: string[][];
}

/**
 * The server blocks of a Caddyfile: environment variables replaced, snippets and imports resolved.
 * @throws SupervisorError with Caddy's text: `unexpected EOF, at Caddyfile:3`.
 * @example
 * parse(":80 {\n\trespond hi\n}\n"); // [{ keys: [":80"], segments: [["respond", "hi"]] }]
 */
export function parse(text: string, options: ParseOptions = {}): PlainBlock[] {
  return parseTokens(text, options).blocks.map(({ keys, segments }) => ({
    keys: keys.map((key) => key.text),
    segments: segments.map((segment) => segment.map((token) => token.text)),
  }));
}
