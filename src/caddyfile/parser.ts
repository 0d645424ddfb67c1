/**
 * Tokens to server blocks, with imports resolved on the way (caddyconfig/caddyfile/parse.go, 2.10).
 *
 * ```
 * caddyfile    = { snippet | named route | block }
 * snippet      = "(" NAME ")" "{" … "}"
 * named route  = "&(" NAME ")" "{" … "}"
 * block        = [ address { [","] address } ] ( "{" { segment } "}" | { segment } )
 * segment      = DIRECTIVE { argument } [ "{" … "}" ]
 * ```
 */
import { SupervisorError } from "../errors.ts";
import { Dispenser } from "./dispenser.ts";
import type { Environment } from "./env-vars.ts";
import type { FileReader } from "./file-reader.ts";
import { expandImport } from "./import-expansion.ts";
import {
  absolutePattern,
  type ImportedFile,
  ImportFailure,
  isGlob,
  matchFiles,
  readImport,
} from "./import-files.ts";
import { ImportGraph } from "./import-graph.ts";
import { ImportBudget, type ImportLimits } from "./import-limits.ts";
import { type Token, tokenPlace } from "./token.ts";

/** A directive with its arguments and block. */
export type Segment = readonly Token[];

/** The addresses of a site (none: the global options) and its directives. */
export interface ServerBlock {
  readonly keys: readonly Token[];
  readonly segments: readonly Segment[];
  readonly isNamedRoute: boolean;
}

/** An import directive that was carried out. */
export interface ImportRecord {
  /** The word `import`, and the word that names what is imported. */
  readonly directive: Token;
  readonly pattern: Token;
  /** The directive's last word: an argument or the brace that closes its block. */
  readonly last: Token;
  readonly args: readonly string[];
  readonly hasBlock: boolean;
  /** Whether the name was that of a snippet; there are no files then. */
  readonly isSnippet: boolean;
  readonly isGlob: boolean;
  readonly files: readonly ImportedFile[];
  /** The first word of the directive in whose block it stands, if it does. */
  readonly inSegment: Token | undefined;
}

/** Something that Caddy only logs. */
export interface ParseWarning {
  readonly message: string;
  readonly token: Token;
}

export interface ParserContext {
  readonly cwd: string;
  readonly env: Environment;
  readonly files: FileReader;
  readonly limits: ImportLimits;
}

export class Parser extends Dispenser {
  readonly imports: ImportRecord[] = [];
  readonly warnings: ParseWarning[] = [];
  readonly #context: ParserContext;
  readonly #snippets = new Map<string, readonly Token[]>();
  readonly #graph = new ImportGraph();
  readonly #budget: ImportBudget;
  /** Braces that are open in the directive at hand. */
  #braces = 0;
  #atEnd = false;
  /** The last directives ended with a brace. */
  #closed = false;

  constructor(tokens: readonly Token[], context: ParserContext) {
    super(tokens);
    this.#context = context;
    this.#budget = new ImportBudget(context.limits);
  }

  parseAll(): ServerBlock[] {
    const blocks: ServerBlock[] = [];
    while (this.next()) {
      const block = this.#block();
      if (block && (block.keys.length > 0 || block.segments.length > 0)) blocks.push(block);
      if (this.#braces > 0) throw this.eofErr();
    }
    return blocks;
  }

  /**
   * Reads the text as the inside of one block: directives to the end, as in a Supervisorfile.
   * @throws SupervisorError also for a closing brace without an opening one.
   */
  parseBody(): Segment[] {
    const segments = this.#directives();
    if (this.#closed) throw this.errf("Unexpected '}' because no matching opening brace");
    return segments;
  }

  /** Undefined for a snippet, which is only noted. */
  #block(): ServerBlock | undefined {
    const keys = this.#addresses();
    if (this.#atEnd) return { keys, segments: [], isNamedRoute: false };
    const only = keys.length === 1 ? keys[0]!.text : "";
    if (only.startsWith("&(") && only.endsWith(")")) {
      const name: Token = { ...this.token()!, text: only.slice(2, -1) };
      return { keys: [name], segments: [[name, ...this.#bracedTokens(true)]], isNamedRoute: true };
    }
    if (only.startsWith("(") && only.endsWith(")")) {
      this.#defineSnippet(only.slice(1, -1));
      return undefined;
    }
    return { keys, segments: this.#blockContents(), isNamedRoute: false };
  }

  #addresses(): Token[] {
    const keys: Token[] = [];
    let expectsAnother = false;
    for (;;) {
      const token = this.token();
      const value = this.val();
      if (value.startsWith("@"))
        throw this.errf(
          `request matchers may not be defined globally, they must be in a site block; found ${value}`,
        );
      if (value === "import" && this.isNewLine()) {
        this.#import({ topLevel: true });
        if (this.next()) continue;
        if (expectsAnother) throw new SupervisorError("CADDYFILE_SYNTAX", "unexpected EOF, at :0");
        this.#atEnd = true;
        return keys;
      }
      if (value === "{") {
        if (expectsAnother)
          throw this.errf(`Expected another address but had '${value}' - check for extra comma`);
        return keys;
      }
      if (value.endsWith("{"))
        throw this.errf(
          `Site addresses cannot end with a curly brace: '${value}' - put a space between the token and the brace`,
        );
      if (token && value !== "") {
        expectsAnother = value.endsWith(",");
        const address = expectsAnother ? value.slice(0, -1) : value;
        if (address.includes(","))
          throw this.errf(
            `Site addresses cannot contain a comma ',': '${address}' - put a space after the comma to separate site addresses`,
          );
        if (address !== "") keys.push({ ...token, text: address });
      }
      if (!this.next()) {
        if (expectsAnother) throw this.eofErr();
        this.#atEnd = true;
        return keys;
      }
      if (!expectsAnother && this.isNewLine()) return keys;
    }
  }

  #blockContents(): Segment[] {
    const braced = this.val() === "{";
    if (!braced) this.prev();
    const segments = this.#directives();
    // A file that ends in another closing brace than this block's is accepted, as Caddy does.
    if (braced && this.val() !== "}") throw this.syntaxErr("}");
    return segments;
  }

  #directives(): Segment[] {
    const segments: Segment[] = [];
    while (this.next()) {
      this.#closed = this.val() === "}";
      if (this.#closed) break;
      if (this.val() === "import") this.#import({ topLevel: false });
      else segments.push(this.#directive());
    }
    return segments;
  }

  #directive(): Segment {
    const first = this.token()!;
    const segment = [first];
    while (this.next()) {
      const token = this.token()!;
      if (token.text === "{") {
        this.#braces++;
        if (!this.isNextOnNewLine() && token.quote === "")
          throw this.errf("Unexpected next token after '{' on same line");
        if (this.isNewLine())
          throw this.errf(
            "Unexpected '{' on a new line; did you mean to place the '{' on the previous line?",
          );
      } else if (token.text === "{}") {
        if (this.isNextOnNewLine() && token.quote === "") throw this.errf("Unexpected '{}' at end of line");
      } else if (this.#braces === 0 && this.isNewLine()) {
        this.prev();
        break;
      } else if (token.text === "}") {
        if (this.#braces === 0) throw this.errf("Unexpected '}' because no matching opening brace");
        this.#braces--;
      } else if (token.text === "import" && this.isNewLine()) {
        this.#import({ topLevel: false, inSegment: first });
        continue;
      }
      segment.push(token);
    }
    if (this.#braces > 0) throw this.eofErr();
    return segment;
  }

  #defineSnippet(name: string): void {
    if (this.#snippets.has(name)) throw this.errf(`redeclaration of previously declared snippet ${name}`);
    this.#snippets.set(
      name,
      this.#bracedTokens(false).map((token) => ({ ...token, snippet: name })),
    );
  }

  /** All tokens to the matching brace, as they are: imports in them are for later. */
  #bracedTokens(withBraces: boolean): Token[] {
    if (this.val() !== "{") throw this.syntaxErr("{");
    const tokens = withBraces ? [this.token()!] : [];
    for (let nesting = 1; this.next(); ) {
      const token = this.token()!;
      if (token.text === "{") nesting++;
      else if (token.text === "}" && --nesting === 0) {
        if (withBraces) tokens.push(token);
        return tokens;
      }
      tokens.push(token);
    }
    throw this.syntaxErr("}");
  }

  /** Puts what is imported in the place of the directive; the token before it is the current one then. */
  #import(where: { topLevel: boolean; inSegment?: Token }): void {
    const directive = this.token()!;
    if (!this.nextArg()) throw this.argErr();
    const pattern = this.token()!;
    if (pattern.text === "") throw this.errf("Import requires a non-empty filepath");
    const args = this.remainingArgs();
    const beforeBlock = this.passed.length;
    const block: Token[] = [];
    for (const nesting = this.nesting(); this.nextBlock(nesting); ) block.push(this.token()!);

    const last = this.token()!;
    const snippet = this.#snippets.get(pattern.text);
    const files = snippet ? [] : this.#filesOf(pattern.text);
    const tokens = snippet ?? files.flatMap((file) => file.tokens);
    this.#refuseCycle(last, snippet, files);
    this.#budget.spend(
      last,
      tokens.length,
      files.reduce((sum, { source }) => sum + (source?.text.length ?? 0), 0),
    );
    this.imports.push({
      directive,
      pattern,
      last,
      args,
      hasBlock: this.passed.length > beforeBlock,
      isSnippet: snippet !== undefined,
      isGlob: !snippet && isGlob(pattern.text),
      files,
      inSegment: where.inSegment,
    });
    const warn = (message: string, token: Token): void => void this.warnings.push({ message, token });
    const expanded = expandImport(tokens, { at: last, args, block, topLevel: where.topLevel, warn });
    // With a block, Caddy leaves `import PATTERN` behind the cursor; only "is this a new line?" ever sees it.
    this.passed.length -= 2 + args.length + block.length;
    for (let index = expanded.length - 1; index >= 0; index--) this.ahead.push(expanded[index]!);
  }

  #filesOf(written: string): ImportedFile[] {
    const { cwd, env, files } = this.#context;
    try {
      const pattern = absolutePattern(written, this.file(), cwd);
      const matches = matchFiles(pattern, written, files);
      if (matches.length === 0) this.#warn(`No files matching import glob pattern: ${written}`);
      return matches.map((path) => {
        const file = readImport(path, files, env);
        if (!file.source) this.#warn(`Import file is empty: ${path}`);
        return file;
      });
    } catch (error) {
      throw error instanceof ImportFailure ? this.errf(error.message) : error;
    }
  }

  #warn(message: string): void {
    this.warnings.push({ message, token: this.token()! });
  }

  #refuseCycle(at: Token, snippet: readonly Token[] | undefined, files: readonly ImportedFile[]): void {
    const node = (token: Token): string => token.file + (token.snippet === "" ? "" : `:${token.snippet}`);
    const from = node(at);
    const targets = snippet ? snippet.slice(0, 1).map(node) : files.map(({ path }) => path);
    for (const to of targets)
      if (!this.#graph.add(from, to))
        throw new SupervisorError("CADDYFILE_SYNTAX", `a cycle of imports exists between ${from} and ${to}`, {
          place: tokenPlace(at),
        });
  }
}
