import {
  BoundError,
  GoError,
  type GoFunctionEntry,
  GoSlice,
  listOfStrings,
  stringSliceType,
} from "../values/index.ts";
import { appended } from "./capacity.ts";
import { entry } from "./entry.ts";
import { Expression, mustCompile } from "./regex-engine.ts";
import { expand, findAll, groupReader, replaceAll, splitBy } from "./regex-search.ts";

/** How an expression is compiled: with Go's error, or with the words of a panic. */
type Compile = (source: string) => Expression;
const compile: Compile = (source) => new Expression(source);

/** Go begins with room for as many matches. */
const roomForMatches = 10;

/** A nil []string: no match is nothing at all, and JSON's null. */
const noStrings = new GoSlice(stringSliceType, [], true);

function matches([source, subject]: [string, string]): boolean {
  return compile(source).searcher(subject)(0) !== undefined;
}

function matchesOrFalse(args: [string, string]): boolean {
  try {
    return matches(args);
  } catch (error) {
    if (error instanceof GoError && !(error instanceof BoundError)) return false;
    throw error;
  }
}

const find =
  (compiler: Compile) =>
  ([source, subject]: [string, string]): string => {
    const span = compiler(source).searcher(subject)(0)?.[0];
    return span ? subject.slice(...span) : "";
  };

const findEach =
  (compiler: Compile) =>
  ([source, subject, limit]: [string, string, bigint]): GoSlice => {
    const found = findAll(compiler(source), subject, limit);
    if (found.length === 0) return noStrings;
    return appended(listOfStrings(found.map((span) => subject.slice(...span))), roomForMatches);
  };

const split =
  (compiler: Compile) =>
  ([source, subject, limit]: [string, string, bigint]): GoSlice => {
    const expression = compiler(source);
    if (limit === 0n) return noStrings;
    const matches = findAll(expression, subject, limit);
    return appended(listOfStrings(splitBy(expression, subject, limit, matches)), matches.length);
  };

const replaceExpanding =
  (compiler: Compile) =>
  ([source, subject, template]: [string, string, string]): string => {
    const expression = compiler(source);
    return replaceAll(expression, subject, (match) =>
      expand(template, groupReader(expression, subject, match)),
    );
  };

const replaceLiterally =
  (compiler: Compile) =>
  ([source, subject, replacement]: [string, string, string]): string =>
    replaceAll(compiler(source), subject, () => replacement);

/** Go's regexp.QuoteMeta */
function quoteMeta(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}

/** Regular expressions of RE2 (sprig regex.go on Go's regexp). Those without `must` panic on a bad expression, save regexMatch. */
export const regexFunctions: readonly GoFunctionEntry[] = [
  entry("mustRegexFind", "func(string, string) (string, error)", find(compile)),
  entry("mustRegexFindAll", "func(string, string, int) ([]string, error)", findEach(compile)),
  entry("mustRegexMatch", "func(string, string) (bool, error)", matches),
  entry("mustRegexReplaceAll", "func(string, string, string) (string, error)", replaceExpanding(compile)),
  entry(
    "mustRegexReplaceAllLiteral",
    "func(string, string, string) (string, error)",
    replaceLiterally(compile),
  ),
  entry("mustRegexSplit", "func(string, string, int) ([]string, error)", split(compile)),
  entry("regexFind", "func(string, string) string", find(mustCompile)),
  entry("regexFindAll", "func(string, string, int) []string", findEach(mustCompile)),
  entry("regexMatch", "func(string, string) bool", matchesOrFalse),
  entry("regexQuoteMeta", "func(string) string", ([text]) => quoteMeta(text)),
  entry("regexReplaceAll", "func(string, string, string) string", replaceExpanding(mustCompile)),
  entry("regexReplaceAllLiteral", "func(string, string, string) string", replaceLiterally(mustCompile)),
  entry("regexSplit", "func(string, string, int) []string", split(mustCompile)),
];
