import { boundBytes, decodeRune, decodeUtf8 } from "../values/index.ts";
import type { Expression, Match } from "./regex-engine.ts";

function widthAt(subject: string, at: number): number {
  return at < subject.length ? decodeRune(subject, at).size : 0;
}

function wholeOf(match: Match): readonly [number, number] {
  return match[0] ?? [0, 0];
}

/**
 * Start and end of up to `limit` matches, of all for a negative limit (Go's Regexp.FindAllStringIndex): they do not
 * overlap, and an empty one right after another match does not count.
 */
export function findAll(expression: Expression, subject: string, limit: bigint): [number, number][] {
  const search = expression.searcher(subject);
  const found: [number, number][] = [];
  let from = 0;
  let previousEnd = -1;
  while (from <= subject.length && (limit < 0n || BigInt(found.length) < limit)) {
    const match = search(from);
    if (!match) break;
    const [start, end] = wholeOf(match);
    const isEmptyHere = end === from;
    if (!(isEmptyHere && start === previousEnd)) found.push([start, end]);
    from = isEmptyHere ? from + (widthAt(subject, from) || 1) : end;
    previousEnd = end;
  }
  return found;
}

/** Go's Regexp.ReplaceAllString with the replacement computed of each match. */
export function replaceAll(
  expression: Expression,
  subject: string,
  replace: (match: Match) => string,
): string {
  const search = expression.searcher(subject);
  let out = "";
  let copied = 0;
  let from = 0;
  while (from <= subject.length) {
    const match = search(from);
    if (!match) break;
    const [start, end] = wholeOf(match);
    out += subject.slice(copied, start);
    // An empty match right after another is passed over, save at the very start.
    if (end > copied || start === 0) out += replace(match);
    boundBytes(out.length);
    copied = end;
    from = Math.max(from + (widthAt(subject, from) || 1), end);
  }
  return out + subject.slice(copied);
}

/** Go's Regexp.Split: the text between what {@link findAll} found with the same limit, in at most `limit` parts. */
export function splitBy(
  expression: Expression,
  subject: string,
  limit: bigint,
  matches: readonly (readonly [number, number])[],
): string[] {
  if (expression.source !== "" && subject === "") return [""];
  const parts: string[] = [];
  let begin = 0;
  let end = 0;
  for (const [start, matchEnd] of matches) {
    if (limit > 0n && BigInt(parts.length) === limit - 1n) break;
    end = start;
    // An empty match at the start has nothing before it.
    if (matchEnd !== 0) parts.push(subject.slice(begin, end));
    begin = matchEnd;
  }
  if (end !== subject.length) parts.push(subject.slice(begin));
  return parts;
}

function nameEnd(template: string, from: number): number {
  let at = from;
  while (at < template.length) {
    const { rune, size } = decodeRune(template, at);
    if (!/^[\p{L}\p{Nd}_]$/u.test(String.fromCodePoint(rune))) break;
    at += size;
  }
  return at;
}

/** What stands behind a dollar: a name runs as far as it can, braces set it off. A dollar before anything else is itself. */
function referenceAt(template: string, at: number): { name: string; end: number } | undefined {
  const braced = template[at] === "{";
  const start = braced ? at + 1 : at;
  const end = nameEnd(template, start);
  if (end === start || (braced && template[end] !== "}")) return undefined;
  return { name: decodeUtf8(template.slice(start, end)), end: braced ? end + 1 : end };
}

/** Go's Regexp.Expand: `$1`, `$name` and `${name}` in a template stand for groups; unknown ones are empty. */
export function expand(template: string, groupText: (reference: string) => string): string {
  let out = "";
  let copied = 0;
  for (let at = template.indexOf("$"); at >= 0; at = template.indexOf("$", Math.max(copied, at + 1))) {
    const reference = referenceAt(template, at + 1);
    const isDollar = template[at + 1] === "$";
    if (!reference && !isDollar) continue;
    out += template.slice(copied, at) + (reference ? groupText(reference.name) : "$");
    copied = reference?.end ?? at + 2;
  }
  return out + template.slice(copied);
}

/** The text of a group by number or name, for {@link expand}. Numbers have no leading zeros. */
export function groupReader(
  expression: Expression,
  subject: string,
  match: Match,
): (reference: string) => string {
  return (reference) => {
    const number = /^(?:0|[1-9]\d{0,8})$/.test(reference)
      ? Number(reference)
      : expression.groupNumbers[reference];
    const span = number === undefined ? undefined : match[number];
    return span ? subject.slice(...span) : "";
  };
}
