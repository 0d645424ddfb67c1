import { sprintf } from "../fmt/sprintf.ts";
import { decodeRune } from "../values/bytes.ts";
import { keywords, type Token, type TokenType } from "./tokens.ts";

const leftDelimiter = "{{";
const rightDelimiter = "}}";
/** `- ` after the left delimiter, ` -` before the right one. */
const trimMarkerLength = 2;
const endOfInput = -1;

const spaces = /[ \t\r\n]/;
const letterOrDigit = /^[\p{L}\p{Nd}_]$/u;
const terminators = ".,|:)(";

function isAlphaNumeric(rune: number): boolean {
  return rune !== endOfInput && letterOrDigit.test(String.fromCodePoint(rune));
}

/** Digit sets by the base prefix of a number, and the letters that start an exponent after them. */
const numberShapes: readonly (readonly [prefix: string, digits: RegExp, exponent: string])[] = [
  ["xX", /[0-9a-fA-F_]*/y, "pP"],
  ["oO", /[0-7_]*/y, ""],
  ["bB", /[01_]*/y, ""],
];
const decimalDigits = /[0-9_]*/y;

const quoteNames: Readonly<Record<string, readonly [TokenType, string]>> = {
  '"': ["string", "unterminated quoted string"],
  "'": ["char constant", "unterminated character constant"],
};

const signsOfOne: Readonly<Record<string, TokenType>> = { "=": "assign", "|": "pipe" };

/** Thrown to end the scan with an error token. */
class LexFault {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

export interface LexOptions {
  /** `break` and `continue` are keywords, unless the functions have ones of those names. */
  readonly breakIsKeyword: boolean;
  readonly continueIsKeyword: boolean;
}

/** Splits a template into tokens (text/template/parse/lex.go). The last one is `eof` or `error`. */
class Lexer {
  private readonly input: string;
  private readonly options: LexOptions;
  private readonly tokens: Token[] = [];
  private at = 0;
  private start = 0;
  private parenDepth = 0;
  /** The line up to `lineEnd`, carried along so that lines are counted once. */
  private line = 1;
  private lineEnd: number;

  constructor(input: string, options: LexOptions) {
    this.input = input;
    this.options = options;
    this.lineEnd = this.endOfLine(0);
  }

  run(): Token[] {
    try {
      while (this.at < this.input.length) this.text();
      this.start = this.at;
      this.emit("eof", "EOF");
    } catch (fault) {
      if (!(fault instanceof LexFault)) throw fault;
      this.emit("error", fault.message);
    }
    return this.tokens;
  }

  private emit(type: TokenType, text = this.input.slice(this.start, this.at)): void {
    while (this.lineEnd < this.start) {
      this.line++;
      this.lineEnd = this.endOfLine(this.lineEnd + 1);
    }
    this.tokens.push({ type, text, at: this.start, line: this.line });
    this.start = this.at;
  }

  private endOfLine(from: number): number {
    const newline = this.input.indexOf("\n", from);
    return newline < 0 ? this.input.length : newline;
  }

  private peek(): number {
    return this.at < this.input.length ? decodeRune(this.input, this.at).rune : endOfInput;
  }

  private next(): number {
    if (this.at >= this.input.length) return endOfInput;
    const { rune, size } = decodeRune(this.input, this.at);
    this.at += size;
    return rune;
  }

  /** Text up to the next action, then that action. */
  private text(): void {
    this.start = this.at;
    const found = this.input.indexOf(leftDelimiter, this.at);
    const end = found < 0 ? this.input.length : found;
    const trims = found >= 0 && this.hasLeftTrim(found + leftDelimiter.length);
    this.at = end;
    if (trims) while (this.at > this.start && spaces.test(this.input[this.at - 1] ?? "")) this.at--;
    if (this.at > this.start) this.emit("text");
    this.at = end;
    if (found >= 0) this.leftDelimiter(trims);
  }

  private hasLeftTrim(at: number): boolean {
    return this.input[at] === "-" && spaces.test(this.input[at + 1] ?? "");
  }

  private leftDelimiter(trims: boolean): void {
    this.start = this.at;
    this.at += leftDelimiter.length;
    const inside = this.at + (trims ? trimMarkerLength : 0);
    if (this.input.startsWith("/*", inside)) {
      this.start = inside;
      this.at = inside;
      this.comment();
      return;
    }
    this.emit("left delimiter");
    this.at = inside;
    this.parenDepth = 0;
    while (this.insideAction());
  }

  private comment(): void {
    const close = this.input.indexOf("*/", this.at + 2);
    if (close < 0) throw new LexFault("unclosed comment");
    this.at = close + 2;
    const end = this.rightDelimiterAt();
    if (!end) throw new LexFault("comment ends before closing delimiter");
    this.afterRightDelimiter(end.trims);
  }

  /** Whether the action ends here, with or without the trim marker. */
  private rightDelimiterAt(): { trims: boolean } | undefined {
    const trims = spaces.test(this.input[this.at] ?? "") && this.input[this.at + 1] === "-";
    if (trims && this.input.startsWith(rightDelimiter, this.at + trimMarkerLength)) return { trims: true };
    return this.input.startsWith(rightDelimiter, this.at) ? { trims: false } : undefined;
  }

  private afterRightDelimiter(trims: boolean): void {
    this.at += (trims ? trimMarkerLength : 0) + rightDelimiter.length;
    while (trims && spaces.test(this.input[this.at] ?? "")) this.at++;
  }

  /** One token of an action. @returns false after the one that ends it */
  private insideAction(): boolean {
    this.start = this.at;
    const end = this.rightDelimiterAt();
    if (end) {
      if (this.parenDepth > 0) throw new LexFault("unclosed left paren");
      this.start += end.trims ? trimMarkerLength : 0;
      this.emit("right delimiter", rightDelimiter);
      this.afterRightDelimiter(end.trims);
      return false;
    }
    const rune = this.peek();
    if (rune === endOfInput) throw new LexFault("unclosed action");
    const char = rune < 0x80 ? String.fromCharCode(rune) : "";
    if (char !== "" && spaces.test(char)) this.spaces();
    else if (char === '"' || char === "'") this.quoted(char);
    else if (char === "`") this.rawString();
    else if (char === "$") this.name("variable");
    else if (char === "." && !/[0-9]/.test(this.input[this.at + 1] ?? "")) this.name("field");
    else if (char !== "" && ".+-0123456789".includes(char)) this.number();
    else if (isAlphaNumeric(rune)) this.identifier();
    else this.sign(rune, char);
    return true;
  }

  private sign(rune: number, char: string): void {
    this.next();
    const type = signsOfOne[char];
    if (type !== undefined) this.emit(type);
    else if (char === ":") {
      if (this.next() !== 0x3d) throw new LexFault("expected :=");
      this.emit("declare");
    } else if (char === "(") {
      this.parenDepth++;
      this.emit("left paren");
    } else if (char === ")") {
      if (--this.parenDepth < 0) throw new LexFault("unexpected right paren");
      this.emit("right paren");
    } else if (char >= "!" && char <= "~") this.emit("char");
    else throw new LexFault(sprintf("unrecognized character in action: %#U", [BigInt(rune)]));
  }

  /** A run of spaces; the last one may belong to a trim marker. */
  private spaces(): void {
    while (spaces.test(this.input[this.at] ?? "")) this.at++;
    this.at--;
    const marker = this.rightDelimiterAt()?.trims ?? false;
    if (!marker) this.at++;
    if (this.at > this.start) this.emit("space");
  }

  private quoted(quote: string): void {
    const [type, fault] = quoteNames[quote] ?? ["string", ""];
    this.at++;
    for (;;) {
      const char = this.input[this.at++];
      if (char === quote) break;
      const escaped = char === "\\" ? this.input[this.at++] : char;
      if (escaped === undefined || escaped === "\n") throw new LexFault(fault);
    }
    this.emit(type);
  }

  private rawString(): void {
    const close = this.input.indexOf("`", this.at + 1);
    if (close < 0) throw new LexFault("unterminated raw quoted string");
    this.at = close + 1;
    this.emit("raw string");
  }

  /** Whether a name may end here. */
  private atTerminator(): boolean {
    const rune = this.peek();
    if (rune === endOfInput) return true;
    const char = String.fromCodePoint(rune);
    return spaces.test(char) || terminators.includes(char) || this.input.startsWith(rightDelimiter, this.at);
  }

  private absorbName(): void {
    while (isAlphaNumeric(this.peek())) this.next();
    if (!this.atTerminator()) throw new LexFault(sprintf("bad character %#U", [BigInt(this.peek())]));
  }

  /** `.Field` or `$variable`; alone they are the dot and the variable of the empty name. */
  private name(type: "field" | "variable"): void {
    this.at++;
    if (this.atTerminator()) {
      this.emit(type === "field" ? "." : type);
      return;
    }
    this.absorbName();
    this.emit(type);
  }

  private identifier(): void {
    this.absorbName();
    const word = this.input.slice(this.start, this.at);
    const isKeyword =
      keywords.has(word) &&
      (word !== "break" || this.options.breakIsKeyword) &&
      (word !== "continue" || this.options.continueIsKeyword);
    if (isKeyword) this.emit(word as TokenType);
    else this.emit(word === "true" || word === "false" ? "bool" : "identifier");
  }

  private accept(chars: string): boolean {
    const char = this.input[this.at];
    if (char === undefined || !chars.includes(char)) return false;
    this.at++;
    return true;
  }

  private acceptRun(pattern: RegExp): void {
    pattern.lastIndex = this.at;
    this.at += pattern.exec(this.input)?.[0].length ?? 0;
  }

  private number(): void {
    if (!this.scanNumber()) this.badNumber();
    const sign = this.input[this.at];
    if (sign !== "+" && sign !== "-") {
      this.emit("number");
      return;
    }
    if (!this.scanNumber() || this.input[this.at - 1] !== "i") this.badNumber();
    this.emit("complex");
  }

  private badNumber(): never {
    throw new LexFault(sprintf("bad number syntax: %q", [this.input.slice(this.start, this.at)]));
  }

  /** Takes what looks like a number; what it means is decided later. */
  private scanNumber(): boolean {
    this.accept("+-");
    let digits = decimalDigits;
    let exponent = "eE";
    if (this.accept("0")) {
      const shape = numberShapes.find(([prefix]) => this.accept(prefix));
      if (shape) [, digits, exponent] = shape;
    }
    this.acceptRun(digits);
    if (this.accept(".")) this.acceptRun(digits);
    if (exponent !== "" && this.accept(exponent)) {
      this.accept("+-");
      this.acceptRun(decimalDigits);
    }
    this.accept("i");
    if (!isAlphaNumeric(this.peek())) return true;
    this.next();
    return false;
  }
}

/** The tokens of a template, of which the last is `eof` or `error`. */
export function tokenize(input: string, options: LexOptions): Token[] {
  return new Lexer(input, options).run();
}
