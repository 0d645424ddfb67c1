import type { Environment } from "./env-vars.ts";
import { expandEnv } from "./env-vars.ts";
import { type FileReader, nodeFiles } from "./file-reader.ts";
import { defaultImportLimits, type ImportLimits } from "./import-limits.ts";
import { lex } from "./lexer.ts";
import { type ImportRecord, Parser, type ParseWarning, type Segment, type ServerBlock } from "./parser.ts";
import type { Source } from "./source.ts";

export interface ParseOptions {
  /** The name in messages, and what relative imports are relative to; default `Caddyfile`. */
  readonly filename?: string | undefined;
  /** Where a relative filename stands; default the process's. */
  readonly cwd?: string | undefined;
  /** What `{$NAME}` sees; default the process's environment. */
  readonly env?: Environment | undefined;
  /** How imports reach files; default this machine's file system. */
  readonly files?: FileReader | undefined;
  readonly limits?: Partial<ImportLimits> | undefined;
}

/** A parsed Caddyfile with all that is known of how it came together. */
export interface ParsedCaddyfile {
  readonly blocks: ServerBlock[];
  /** The main text, variables replaced. */
  readonly main: Source;
  /** Every import that was carried out, in order. */
  readonly imports: readonly ImportRecord[];
  /** What Caddy would only log. */
  readonly warnings: readonly ParseWarning[];
}

/**
 * Parses a Caddyfile into server blocks of tokens, environment variables replaced and imports resolved.
 * @throws SupervisorError CADDYFILE_SYNTAX with Caddy's own text, CADDYFILE_IMPORT_LIMIT.
 */
export function parseTokens(text: string, options: ParseOptions = {}): ParsedCaddyfile {
  const { parser, main } = parserFor(text, options);
  const blocks = parser.parseAll();
  return { blocks, main, imports: parser.imports, warnings: parser.warnings };
}

/** The inside of one block, as a file of its own. */
export interface ParsedBody extends Omit<ParsedCaddyfile, "blocks"> {
  readonly segments: readonly Segment[];
}

/**
 * Parses a text that is the inside of a block: directives to the end. Nothing but white space is no directive.
 * @throws SupervisorError as {@link parseTokens}
 */
export function parseBody(text: string, options: ParseOptions = {}): ParsedBody {
  const { parser, main } = parserFor(text === "" ? "\n" : text, options);
  const segments = parser.parseBody();
  return { segments, main, imports: parser.imports, warnings: parser.warnings };
}

function parserFor(text: string, options: ParseOptions): { parser: Parser; main: Source } {
  const { filename = "Caddyfile", cwd = process.cwd(), env = process.env, files = nodeFiles } = options;
  const main = expandEnv(text, filename, env);
  const limits = { ...defaultImportLimits, ...options.limits };
  return { parser: new Parser(lex(main), { cwd, env, files, limits }), main };
}
