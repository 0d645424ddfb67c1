import { located } from "../caddyfile/dispenser.ts";
import { onNewLine, type Token, tokenPlace } from "../caddyfile/token.ts";
import type { Notice } from "./problems.ts";

/**
 * Templates outside quotes: spaces cut them into several words, and Caddy's formatter takes their braces apart
 * (`{{.Replica}}` becomes `{.Replica}}`).
 */
export function unquotedTemplates(words: readonly Token[]): Notice[] {
  const notices: Notice[] = [];
  for (let index = 0; index < words.length; index++) {
    const first = words[index]!;
    if (first.quote !== "" || !first.text.includes("{{")) continue;
    const last = lastWord(words, index);
    const { source, start } = first;
    const text = last === index ? first.text : source.text.slice(start, words[last]!.end);
    const count = last - index + 1;
    notices.push({
      code: "UNQUOTED_TEMPLATE",
      message:
        (count === 1
          ? `quote the template '${text}': \`caddy fmt\` would damage it`
          : `quote the template '${text}': it is read as ${count} words, and \`caddy fmt\` would damage it`) +
        located(first),
      place: tokenPlace(first, words[last]!),
      ...(text.includes("}}") ? { hint: text.includes('"') ? `write \`${text}\`` : `write "${text}"` } : {}),
    });
    index = last;
  }
  return notices;
}

/** The word of the same line in which the template that `start` opens is closed; `start` itself where there is none. */
function lastWord(words: readonly Token[], start: number): number {
  for (let index = start; index < words.length; index++) {
    const word = words[index]!;
    if (index > start && (word.source !== words[start]!.source || onNewLine(words[index - 1]!, word))) break;
    const from = index === start ? word.text.lastIndexOf("{{") : 0;
    if (word.quote === "" && word.text.includes("}}", from)) return index;
  }
  return start;
}
