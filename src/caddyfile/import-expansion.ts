/** From the tokens of a file or snippet to those that take the place of an import directive. */

import { SupervisorError } from "../errors.ts";
import { Dispenser, located } from "./dispenser.ts";
import { NegativeIndex, replaceArgs, variadicArgs, withText } from "./import-args.ts";
import { onNewLine, type Token, tokenPlace } from "./token.ts";

/** What an import directive passes on. */
export interface ImportCall {
  /** The directive's last token: the place that import chains name. */
  readonly at: Token;
  readonly args: readonly string[];
  /** The words of the block behind the arguments, without its braces. */
  readonly block: readonly Token[];
  /** Whether it stands outside every server block, where snippets may be defined. */
  readonly topLevel: boolean;
  readonly warn: (message: string, token: Token) => void;
}

/**
 * The imported tokens with their import chain grown by one, `{args[…]}` filled in and `{block}` and `{blocks.NAME}`
 * replaced. The definition of a snippet is left as it is: its arguments are those of its own import.
 */
export function expandImport(tokens: readonly Token[], call: ImportCall): Token[] {
  const named = namedBlocks(call);
  const chain = chainGrower(call.at);
  const definitions = new SnippetDefinitions(call.topLevel);
  const out: Token[] = [];
  for (const original of tokens) {
    const token: Token = { ...original, imports: chain(original) };
    const inDefinition = definitions.see(token, out.at(-1));
    const block = blockFor(token.text, call.block, named);
    if (block) {
      // A placeholder without content stays, so that an older snippet that happens to contain it goes on working.
      if (block.length === 0) out.push(token);
      else for (const word of block) out.push(word);
    } else if (inDefinition) {
      out.push(token);
    } else {
      for (const word of substituted(token, call)) out.push(word);
    }
  }
  return out;
}

function substituted(token: Token, { args, warn }: ImportCall): readonly Token[] {
  const { text } = token;
  if (!text.includes("{") && !text.includes("}")) return [token];
  const tell = (message: string): void => warn(message, token);
  const many = variadicArgs(text, args, tell);
  if (many) return many.map((arg) => withText(token, arg));
  try {
    return [withText(token, replaceArgs(text, args, tell))];
  } catch (error) {
    if (!(error instanceof NegativeIndex)) throw error;
    throw failureAt(token, error.message);
  }
}

function failureAt(token: Token, message: string): SupervisorError {
  return new SupervisorError("CADDYFILE_SYNTAX", message + located(token), { place: tokenPlace(token) });
}

/** Adds the directive's place to import chains; tokens with one chain go on sharing one. */
function chainGrower(at: Token): (token: Token) => readonly string[] {
  const grown = new Map<string, Map<readonly string[], readonly string[]>>();
  return ({ imports, snippet }) => {
    const bySnippet = grown.get(snippet) ?? new Map<readonly string[], readonly string[]>();
    grown.set(snippet, bySnippet);
    let chain = bySnippet.get(imports);
    if (!chain) {
      chain = [...imports, `${at.file}:${at.line} (import${snippet === "" ? "" : ` ${snippet}`})`];
      bySnippet.set(imports, chain);
    }
    return chain;
  };
}

/** The blocks inside an import's block: first word → what follows it. */
function namedBlocks({ at, block }: ImportCall): Map<string, Token[]> {
  const named = new Map<string, Token[]>();
  const words = new Dispenser(block);
  while (words.next()) {
    const name = words.val();
    if (name === "{") throw failureAt(at, "anonymous blocks are not supported");
    const content = words.remainingArgsAsTokens();
    for (const nesting = words.nesting(); words.nextBlock(nesting); ) content.push(words.token()!);
    named.set(name, content);
  }
  return named;
}

/** What a block placeholder stands for; undefined when the word is none. */
function blockFor(
  word: string,
  block: readonly Token[],
  named: ReadonlyMap<string, readonly Token[]>,
): readonly Token[] | undefined {
  if (word === "{block}") return block;
  if (!word.startsWith("{blocks.") || !word.endsWith("}")) return undefined;
  return named.get(word.slice("{blocks.".length, -1)) ?? [];
}

/** Recognises `(name) {` … `}` in a stream of tokens, by Caddy's rule of thumb. */
class SnippetDefinitions {
  #nesting: number;
  #inside = false;
  #named = false;
  #indexInLine = 0;

  constructor(topLevel: boolean) {
    this.#nesting = topLevel ? 0 : 1;
  }

  /** Whether the token is part of a definition. `before` is the last token that was put out. */
  see(token: Token, before: Token | undefined): boolean {
    const { text } = token;
    if (!this.#inside && this.#nesting === 0) {
      this.#indexInLine = !before || onNewLine(before, token) ? 0 : this.#indexInLine + 1;
      if (this.#indexInLine === 0 && text.length >= 3 && text.startsWith("(") && text.endsWith(")"))
        this.#named = true;
    }
    if (text === "{") {
      this.#nesting++;
      if (this.#indexInLine === 1 && this.#named && this.#nesting === 1) {
        this.#inside = true;
        this.#named = false;
      }
    } else if (text === "}") {
      this.#nesting--;
      if (this.#nesting === 0) this.#inside = false;
    }
    return this.#inside;
  }
}
