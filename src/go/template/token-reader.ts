import { TemplateFault } from "./fault.ts";
import { describeToken, type Token, type TokenType } from "./tokens.ts";

/** Where tokens come from; shared by the parsers of all definitions in one text. */
export class TokenSource {
  private readonly tokens: readonly Token[];
  private next = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  take(): Token {
    const token = this.tokens[Math.min(this.next, this.tokens.length - 1)];
    this.next++;
    if (!token) throw new Error("a template has at least one token");
    return token;
  }
}

/**
 * Reads tokens with up to three of them pushed back, as parse.Tree does: error messages name the line of the token
 * read last, so what was looked at matters.
 */
export class TokenReader {
  /** The name that error messages begin with. */
  protected readonly name: string;
  private readonly source: TokenSource;
  /** The line of the action being read; 0 outside. */
  protected actionLine = 0;
  /** Tokens ahead; the first is the one last taken from the source. */
  private readonly ahead: Token[] = [];
  private peeked = 0;

  constructor(name: string, source: TokenSource) {
    this.name = name;
    this.source = source;
  }

  protected take(): Token {
    if (this.peeked > 0) this.peeked--;
    else this.ahead[0] = this.source.take();
    return this.ahead[this.peeked] as Token;
  }

  protected back(): void {
    this.peeked++;
  }

  /** Pushes back what `take` gave last, and a token before it. */
  protected backTo(before: Token): void {
    this.ahead[1] = before;
    this.peeked = 2;
  }

  /** Pushes back two tokens, and what `take` gave last stays for after them. */
  protected backToBoth(first: Token, second: Token): void {
    this.ahead[1] = second;
    this.ahead[2] = first;
    this.peeked = 3;
  }

  protected peek(): Token {
    const token = this.take();
    this.back();
    return token;
  }

  protected takeNonSpace(): Token {
    for (;;) {
      const token = this.take();
      if (token.type !== "space") return token;
    }
  }

  protected peekNonSpace(): Token {
    const token = this.takeNonSpace();
    this.back();
    return token;
  }

  protected fail(message: string): never {
    const { line = 0, at = 0 } = this.ahead[0] ?? {};
    throw new TemplateFault(`template: ${this.name}:${line}: ${message}`, at);
  }

  protected unexpected(token: Token, context: string): never {
    if (token.type !== "error") return this.fail(`unexpected ${describeToken(token)} in ${context}`);
    let extra = "";
    if (this.actionLine !== 0 && this.actionLine !== token.line) {
      // "unclosed action started at", not "unclosed action in action started at".
      extra = token.text.endsWith(" action") ? " started" : " in action started";
      extra += ` at ${this.name}:${this.actionLine}`;
    }
    return this.fail(token.text + extra);
  }

  protected expect(type: TokenType, context: string): Token {
    const token = this.takeNonSpace();
    return token.type === type ? token : this.unexpected(token, context);
  }
}
