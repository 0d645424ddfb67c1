import type { ErrorCode } from "../errors.ts";
import { SupervisorError } from "../errors.ts";
import { lex } from "./lexer.ts";
import { plainSource } from "./source.ts";
import { onNewLine, type Token, tokenPlace } from "./token.ts";

/**
 * Hands out tokens with a notion of lines and blocks: Caddy's idiom for reading a directive. It begins before the
 * first token; what a method loads is then the current token.
 *
 * @example
 * // mirror URL { timeout DURATION }
 * const d = Dispenser.from("mirror http://a { \n timeout 5s \n }", "Caddyfile");
 * while (d.next()) {
 *   const [url] = d.args(1) ?? d.fail(d.argErr());
 *   while (d.nextBlock(0)) {
 *     if (d.val() !== "timeout") throw d.errf(`unrecognized option '${d.val()}'`);
 *     timeout = d.args(1)?.[0] ?? d.fail(d.argErr());
 *   }
 * }
 */
export class Dispenser {
  /** What was loaded; the last one is the current token. */
  protected readonly passed: Token[] = [];
  /** What comes, nearest last, so that both ends of the cursor are cheap to move and to replace. */
  protected readonly ahead: Token[];
  #nesting = 0;

  constructor(tokens: readonly Token[]) {
    this.ahead = tokens.toReversed();
  }

  /** A dispenser over a text: no imports, no environment variables. @throws SupervisorError as the lexer does. */
  static from(text: string, file: string): Dispenser {
    return new Dispenser(lex(plainSource(text, file)));
  }

  /** Loads the next token, whatever line it is on. */
  next(): boolean {
    const token = this.ahead.pop();
    if (!token) return false;
    this.passed.push(token);
    return true;
  }

  /** Goes back one token; true when there is a current one then. */
  prev(): boolean {
    const token = this.passed.pop();
    if (token) this.ahead.push(token);
    return this.passed.length > 0;
  }

  /** Loads the next token if it is on the same line and does not open a block. */
  nextArg(): boolean {
    if (!this.#nextOnSameLine()) return false;
    if (this.val() !== "{") return true;
    this.prev();
    return false;
  }

  /** Loads the next token if it is on another line. */
  nextLine(): boolean {
    return this.passed.length > 0 && !this.isNextOnNewLine() ? false : this.next();
  }

  /**
   * The condition of a loop over the words of a block that opens on this line: the braces themselves are passed
   * over. `initialNesting` is {@link nesting} before the loop; 0 where no other such loop is around.
   */
  nextBlock(initialNesting: number): boolean {
    if (this.#nesting > initialNesting) {
      if (!this.next()) return false;
      // A brace counts only as the last word of its line; otherwise the word behind it is loaded instead.
      if (this.val() === "}" && !this.#nextOnSameLine()) this.#nesting--;
      else if (this.val() === "{" && !this.#nextOnSameLine()) this.#nesting++;
      return this.#nesting > initialNesting;
    }
    if (!this.#nextOnSameLine()) return false;
    if (this.val() !== "{") {
      this.prev();
      return false;
    }
    this.next();
    if (this.val() === "}") return false;
    this.#nesting++;
    return true;
  }

  /** How many blocks {@link nextBlock} is inside of. */
  nesting(): number {
    return this.#nesting;
  }

  /** The current token. */
  token(): Token | undefined {
    return this.passed[this.passed.length - 1];
  }

  /** The text of the current token, without quotes. */
  val(): string {
    return this.token()?.text ?? "";
  }

  /** The text of the current token in its quotes. A heredoc has none. */
  valRaw(): string {
    const token = this.token();
    if (!token) return "";
    return token.quote === "<" ? token.text : token.quote + token.text + token.quote;
  }

  /** The line of the current token in Caddy's count; 0 before the first. */
  line(): number {
    return this.token()?.line ?? 0;
  }

  /** The file of the current token. */
  file(): string {
    return this.token()?.file ?? "";
  }

  /** Loads exactly `count` arguments; undefined when the line has fewer (those it has are then passed). */
  args(count: number): string[] | undefined {
    const values: string[] = [];
    while (values.length < count) {
      if (!this.nextArg()) return undefined;
      values.push(this.val());
    }
    return values;
  }

  /** As {@link args}, and undefined too when the line has more. */
  allArgs(count: number): string[] | undefined {
    const values = this.args(count);
    if (values === undefined || !this.nextArg()) return values;
    this.prev();
    return undefined;
  }

  /** How many arguments the line still has; loads none. */
  countRemainingArgs(): number {
    const count = this.remainingArgs().length;
    for (let back = 0; back < count; back++) this.prev();
    return count;
  }

  /** Loads all arguments that the line still has. */
  remainingArgs(): string[] {
    return this.remainingArgsAsTokens().map(({ text }) => text);
  }

  /** As {@link remainingArgs}, in their quotes. */
  remainingArgsRaw(): string[] {
    const raw: string[] = [];
    while (this.nextArg()) raw.push(this.valRaw());
    return raw;
  }

  /** As {@link remainingArgs}, as tokens. */
  remainingArgsAsTokens(): Token[] {
    const tokens: Token[] = [];
    while (this.nextArg()) tokens.push(this.token()!);
    return tokens;
  }

  /** The current token and all that belongs to it: its line, and the block that opens at the line's end. */
  nextSegment(): Token[] {
    const first = this.token();
    const tokens = first ? [first] : [];
    tokens.push(...this.remainingArgsAsTokens());
    const opensBlock = this.ahead.at(-1)?.text === "{" ? this.ahead.at(-1)! : undefined;
    let inside = false;
    for (const nesting = this.#nesting; this.nextBlock(nesting); ) {
      if (!inside && opensBlock) tokens.push(opensBlock);
      inside = true;
      tokens.push(this.token()!);
    }
    if (inside) tokens.push(this.token()!);
    return tokens;
  }

  /** A dispenser over {@link nextSegment}. */
  newFromNextSegment(): Dispenser {
    return new Dispenser(this.nextSegment());
  }

  /** Back to before the first token. */
  reset(): void {
    while (this.prev());
    this.#nesting = 0;
  }

  /** The error "wrong argument count" at the current token. */
  argErr(): SupervisorError {
    if (this.val() === "{") return this.errf("unexpected token '{', expecting argument");
    return this.errf(`wrong argument count or unexpected line ending after '${this.val()}'`);
  }

  /** The error that another token was expected than the current one. */
  syntaxErr(expected: string): SupervisorError {
    const chain = this.token()?.imports.join("','") ?? "";
    const message = `syntax error: unexpected token '${this.val()}', expecting '${expected}', at ${this.file()}:${this.line()} import chain: ['${chain}']`;
    return new SupervisorError("CADDYFILE_SYNTAX", message, { place: this.#place() });
  }

  /** The error that the text ended too early. */
  eofErr(): SupervisorError {
    return this.errf("unexpected EOF");
  }

  /** An error whose message ends with the place and the import chain of the current token, in Caddy's words. */
  errf(message: string, code: ErrorCode = "CADDYFILE_SYNTAX", hint?: string): SupervisorError {
    return new SupervisorError(code, message + located(this.token()), { place: this.#place(), hint });
  }

  /** Throws; for use where an expression is needed: `d.args(1) ?? d.fail(d.argErr())`. */
  fail(error: SupervisorError): never {
    throw error;
  }

  /** Whether the current token begins a line; the first one does. */
  isNewLine(): boolean {
    const { passed } = this;
    const count = passed.length;
    return count < 2 || onNewLine(passed[count - 2]!, passed[count - 1]!);
  }

  /** Whether the next token, if any, begins a line. */
  protected isNextOnNewLine(): boolean {
    const current = this.passed[this.passed.length - 1];
    const next = this.ahead[this.ahead.length - 1];
    return current !== undefined && (next === undefined || onNewLine(current, next));
  }

  #nextOnSameLine(): boolean {
    if (this.passed.length > 0 && this.isNextOnNewLine()) return false;
    return this.next();
  }

  #place() {
    const token = this.token();
    return token && tokenPlace(token);
  }
}

/** `, at FILE:LINE`, and the import chain if there is one: how Caddy ends a message about a token. */
export function located(token: Token | undefined): string {
  const place = `, at ${token?.file ?? ""}:${token?.line ?? 0}`;
  if (!token || token.imports.length === 0) return place;
  return `${place} import chain ['${token.imports.join("','")}']`;
}
