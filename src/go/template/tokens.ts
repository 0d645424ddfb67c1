import { sprintf } from "../fmt/sprintf.ts";

/** What the lexer tells apart; the keywords have a type each, named as they are written. */
export type TokenType =
  | "error"
  | "bool"
  | "char" // an ASCII character with no meaning of its own, such as a comma
  | "char constant"
  | "complex"
  | "assign" // =
  | "declare" // :=
  | "eof"
  | "field" // .Name
  | "identifier"
  | "left delimiter"
  | "left paren"
  | "number"
  | "pipe"
  | "raw string"
  | "right delimiter"
  | "right paren"
  | "space"
  | "string"
  | "text"
  | "variable" // $name
  | Keyword;

/** Words (and the dot) that are no identifiers. */
export type Keyword =
  | "."
  | "block"
  | "break"
  | "continue"
  | "define"
  | "else"
  | "end"
  | "if"
  | "nil"
  | "range"
  | "template"
  | "with";

export const keywords: ReadonlySet<string> = new Set<Keyword>([
  ".",
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "nil",
  "range",
  "template",
  "with",
]);

export interface Token {
  readonly type: TokenType;
  /** The bytes as written; of an error its message. */
  readonly text: string;
  /** Byte offset in the template. */
  readonly at: number;
  /** From 1. */
  readonly line: number;
}

/** A token in an error message (parse.item.String). */
export function describeToken(token: Token): string {
  if (token.type === "eof") return "EOF";
  if (token.type === "error") return token.text;
  if (keywords.has(token.type)) return `<${token.text}>`;
  return sprintf(token.text.length > 10 ? "%.10q..." : "%q", [token.text]);
}
