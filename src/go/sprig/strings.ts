import { printed } from "../fmt/index.ts";
import { quote } from "../strconv/quote.ts";
import {
  type GoFunctionEntry,
  GoMap,
  GoSlice,
  type GoValue,
  listOfStrings,
  mapOf,
  stringType,
} from "../values/index.ts";
import {
  onText,
  repeatBytes,
  replaceBytes,
  splitBytes,
  splitBytesN,
  trimBytes,
  trimSpaceBytes,
} from "./byte-strings.ts";
import { joinWords, pascalCase } from "./case.ts";
import { entry } from "./entry.ts";
import { sliceBytes } from "./slicing.ts";
import { stringList, strslice, strval } from "./strval.ts";
import { lowerRune, mapRunes, upperRune } from "./unicode.ts";
import {
  abbreviate,
  abbreviateBoth,
  deleteWhiteSpace,
  initials,
  swapCase,
  titleCase,
  uncapitalize,
  wrapWords,
} from "./words.ts";

function indent(spaces: bigint, text: string): string {
  const pad = repeatBytes(" ", spaces);
  return pad + replaceBytes(text, "\n", `\n${pad}`);
}

/** sprig strings.go, trunc: a negative count keeps the end. */
function trunc(count: bigint, text: string): string {
  const length = BigInt(text.length);
  if (count < 0n) return length + count > 0n ? text.slice(Number(count)) : text;
  return length > count ? text.slice(0, Number(count)) : text;
}

/** sprig strings.go, substring */
function substr(start: bigint, end: bigint, text: string): string {
  if (start < 0n) return sliceBytes(text, undefined, end);
  return end < 0n || end > BigInt(text.length) ? sliceBytes(text, start) : sliceBytes(text, start, end);
}

/** Parts by the names `_0`, `_1`, … (sprig strings.go, split). */
function numbered(parts: readonly string[]): GoMap {
  const entries = parts.map((part, index) => [`_${index}`, part] as const);
  return new GoMap(mapOf(stringType, stringType), new Map(entries));
}

/** The texts in byte order. A []string is sorted in place, as in sprig, where the caller's list changes too. */
function sortAlpha(value: GoValue): GoSlice {
  if (!(value instanceof GoSlice)) return listOfStrings([strval(value)]);
  const texts = stringList(value);
  (texts.items as string[]).sort(byBytes);
  return texts;
}

function byBytes(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

const present = (values: readonly GoValue[]) => values.filter((value) => value !== null);
const trimAll = ([cutset, text]: [string, string]) => trimBytes(text, cutset);

/** sprig's functions on strings (sprig functions.go, strings.go). Strings are bytes, as in Go. */
export const stringFunctions: readonly GoFunctionEntry[] = [
  entry("abbrev", "func(int, string) string", ([width, text]) => abbreviate(Number(width), text)),
  entry("abbrevboth", "func(int, int, string) string", ([left, right, text]) =>
    abbreviateBoth(Number(left), Number(right), text),
  ),
  entry("camelcase", "func(string) string", ([text]) => onText(text, pascalCase)),
  entry("cat", "func(...any) string", (values) => present(values).map(printed).join(" ")),
  entry("contains", "func(string, string) bool", ([part, text]) => text.includes(part)),
  entry("hasPrefix", "func(string, string) bool", ([prefix, text]) => text.startsWith(prefix)),
  entry("hasSuffix", "func(string, string) bool", ([suffix, text]) => text.endsWith(suffix)),
  entry("hello", "func() string", () => "Hello!"),
  entry("indent", "func(int, string) string", ([spaces, text]) => indent(spaces, text)),
  entry("initials", "func(string) string", ([text]) => initials(text)),
  entry("join", "func(string, any) string", ([separator, list]) => strslice(list).join(separator)),
  entry("kebabcase", "func(string) string", ([text]) => onText(text, (words) => joinWords(words, "-"))),
  entry("lower", "func(string) string", ([text]) => onText(text, (words) => mapRunes(words, lowerRune))),
  entry("nindent", "func(int, string) string", ([spaces, text]) => `\n${indent(spaces, text)}`),
  entry("nospace", "func(string) string", ([text]) => deleteWhiteSpace(text)),
  entry("plural", "func(string, string, int) string", ([one, many, count]) => (count === 1n ? one : many)),
  entry("quote", "func(...any) string", (values) =>
    present(values)
      .map((value) => quote(strval(value)))
      .join(" "),
  ),
  entry("repeat", "func(int, string) string", ([count, text]) => repeatBytes(text, count)),
  entry("replace", "func(string, string, string) string", ([old, replacement, text]) =>
    replaceBytes(text, old, replacement),
  ),
  entry("snakecase", "func(string) string", ([text]) => onText(text, (words) => joinWords(words, "_"))),
  entry("sortAlpha", "func(any) []string", ([list]) => sortAlpha(list)),
  entry("split", "func(string, string) map[string]string", ([separator, text]) =>
    numbered(splitBytes(text, separator)),
  ),
  entry("splitList", "func(string, string) []string", ([separator, text]) =>
    listOfStrings(splitBytes(text, separator)),
  ),
  entry("splitn", "func(string, int, string) map[string]string", ([separator, limit, text]) =>
    numbered(splitBytesN(text, separator, limit)),
  ),
  entry("squote", "func(...any) string", (values) =>
    present(values)
      .map((value) => `'${printed(value)}'`)
      .join(" "),
  ),
  entry("substr", "func(int, int, string) string", ([start, end, text]) => substr(start, end, text)),
  entry("swapcase", "func(string) string", ([text]) => onText(text, swapCase)),
  entry("title", "func(string) string", ([text]) => onText(text, titleCase)),
  entry("toString", "func(any) string", ([value]) => strval(value)),
  entry("toStrings", "func(any) []string", ([list]) => stringList(list)),
  entry("trim", "func(string) string", ([text]) => trimSpaceBytes(text)),
  entry("trimAll", "func(string, string) string", trimAll),
  entry("trimPrefix", "func(string, string) string", ([prefix, text]) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  entry("trimSuffix", "func(string, string) string", ([suffix, text]) =>
    text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
  entry("trimall", "func(string, string) string", trimAll),
  entry("trunc", "func(int, string) string", ([count, text]) => trunc(count, text)),
  entry("untitle", "func(string) string", ([text]) => onText(text, uncapitalize)),
  entry("upper", "func(string) string", ([text]) => onText(text, (words) => mapRunes(words, upperRune))),
  entry("wrap", "func(int, string) string", ([width, text]) => wrapWords(text, Number(width), "", false)),
  entry("wrapWith", "func(int, string, string) string", ([width, lineBreak, text]) =>
    wrapWords(text, Number(width), lineBreak, true),
  ),
];
