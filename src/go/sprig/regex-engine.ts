import { canBackquote, quote } from "../strconv/quote.ts";
import { decodeUtf8, encodeUtf8, GoError, isValidUtf8 } from "../values/index.ts";
import { lazily } from "./lazy.ts";

const re2 = lazily<typeof import("re2js")>("re2js");

/** Byte offsets of a match and its groups by number; undefined for a group that took no part. */
export type Match = readonly (readonly [start: number, end: number] | undefined)[];

/** Go lets groups share a name, RE2 does not; the first one has it here. */
function withoutRepeatedNames(source: string): string {
  const names = new Set<string>();
  return source.replaceAll(/\\[\s\S]|\(\?P?<([\w\x80-\xff]+)>/g, (whole, name: string | undefined) => {
    if (name === undefined || !names.has(name)) {
      if (name !== undefined) names.add(name);
      return whole;
    }
    return "(";
  });
}

/** A compiled RE2 expression that searches bytes. */
export class Expression {
  readonly source: string;
  /** Numbers of the named groups. */
  readonly groupNumbers: Readonly<Record<string, number>>;
  readonly #program: InstanceType<typeof import("re2js")["RE2JS"]>;

  /** @throws GoError with the text of Go's regexp.Compile */
  constructor(source: string) {
    this.source = source;
    const fault = (problem: string) => new GoError(`error parsing regexp: ${problem}`);
    if (!isValidUtf8(source)) throw fault(`invalid UTF-8: \`${source}\``);
    try {
      this.#program = re2().RE2JS.compile(decodeUtf8(withoutRepeatedNames(source)));
    } catch (error) {
      if (!(error instanceof re2().RE2JSSyntaxException)) throw error;
      const text = encodeUtf8(error.message).replace(/^error parsing regexp: /, "");
      // Every fault names its place in Go, this one an empty place.
      throw fault(text === "trailing backslash at end of expression" ? `${text}: \`\`` : text);
    }
    this.groupNumbers = this.#program.namedGroups();
  }

  /** Looks for matches of `subject` from a byte offset on; what stands before it counts for `^` and `\b`. */
  searcher(subject: string): (from: number) => Match | undefined {
    const bytes = Buffer.from(subject, "latin1");
    const matcher = this.#program.matcher(re2().MatcherInput.utf8(bytes));
    const groups = matcher.groupCount();
    return (from) => {
      if (!matcher.find(from)) return undefined;
      return Array.from({ length: groups + 1 }, (_, group) => {
        const start = matcher.start(group);
        return start < 0 ? undefined : ([start, matcher.end(group)] as const);
      });
    };
  }
}

/**
 * Go's regexp.MustCompile, which panics in its own words.
 * @throws GoError
 */
export function mustCompile(source: string): Expression {
  try {
    return new Expression(source);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    const shown = canBackquote(source) ? `\`${source}\`` : quote(source);
    throw new GoError(`regexp: Compile(${shown}): ${error.message}`);
  }
}
