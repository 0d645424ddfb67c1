import type { ParsedCaddyfile } from "../caddyfile/parse.ts";
import { type Token, tokenPlace } from "../caddyfile/token.ts";
import { suggest } from "../config/suggest.ts";

/**
 * What to do about a message of Caddy's, where a slip around our option is behind it: Caddy does not know the option, and tells
 * only what it stumbled over. Undefined when the message is no such case.
 */
export function messageHint(message: string, parsed?: ParsedCaddyfile): string | undefined {
  // `supervisor {` at the top of the file is a site of that name, with our commands as its directives.
  if (parsed?.blocks.some(({ keys }) => keys[0]?.text === "supervisor")) return globalHint;
  const glued = parsed && gluedBrace(parsed);
  if (glued !== undefined) return `write a space before the '{' at ${glued.file}:${tokenPlace(glued).line}`;
  const [, kind, word = ""] = /unrecognized (global option|directive): ([^\s,]+)/.exec(message) ?? [];
  if (kind === undefined) return undefined;
  if (word.length > 1 && word.endsWith("{")) return "write a space before the '{'";
  if (word === "supervisor") return globalHint;
  if (kind === "directive")
    return isAddress(word)
      ? "count the braces above: one '{' has no space before it, or a '}' is missing or too many"
      : undefined;
  if (isAddress(word)) return "a '}' is missing above: here the global options are still open";
  return suggest(word, ["supervisor"]) && "write supervisor";
}

/** A word at the end of a line that ends in a brace, as in `sleep 100{`: it opens nothing, and its '}' closes another block. */
function gluedBrace({ blocks }: ParsedCaddyfile): Token | undefined {
  const words = blocks.flatMap(({ keys, segments }) => [...keys, ...segments.flat()]);
  return words.find(
    (word, index) => word.quote === "" && /[^{]\{$/.test(word.text) && words[index + 1]?.line !== word.line,
  );
}

const globalHint =
  "supervisor is a global option: it stands in the block without an address at the top of the file, { supervisor { … } }";

/** A port, a host with a dot, a URL or a wildcard: no option or directive looks like that. */
function isAddress(word: string): boolean {
  return /^(:\d|\*|https?:\/\/|localhost\b)|\.\w+/.test(word);
}
