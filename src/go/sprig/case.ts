import { isSpace, isUpper, lowerRune, upperRune } from "./unicode.ts";

/** What a run of characters is to xstrings. Capitals start words; `none` stands after the end. */
type RunKind = "number" | "capitals" | "letters" | "connector" | "punctuation" | "other" | "none";

interface Run {
  readonly kind: RunKind;
  readonly text: string;
}

const connector = "[-_\\p{White_Space}]";
/** Ideographs are letters to Unicode but make no words. */
const small = "(?:(?![\\p{Lu}\\u3400-\\u4d85\\u4e00-\\u9fcc\\u{20000}-\\u{2b81d}])\\p{L})";

/**
 * Cuts a text into runs, by the first pattern that fits. Of capitals before small letters the last belongs to these:
 * `HTTPServer` is `HTTP` and `Server`.
 */
const runPattern = [
  `(?<connector>${connector}+)`,
  "(?<punctuation>\\p{P}+)",
  `(?<capitals>\\p{Lu}+(?=\\p{Lu}${small})|\\p{Lu}${small}+|\\p{Lu}+)`,
  `(?<letters>${small}+)`,
  "(?<number>\\p{N}+)",
  `(?<other>[^](?:(?!${connector}|\\p{P}|\\p{Lu}|${small}|\\p{N})[^])*)`,
].join("|");
/** Compiled when first needed: that takes most of a millisecond. */
let compiled: RegExp | undefined;

const nothing: Run = { kind: "none", text: "" };

function runsOfText(text: string): Run[] {
  compiled ??= new RegExp(runPattern, "gu");
  return Array.from(text.matchAll(compiled), ({ groups = {}, 0: run }) => {
    const kind = Object.keys(groups).find((name) => groups[name] !== undefined) as RunKind;
    return { kind, text: run };
  });
}

const isConnector = (character: string) => character === "-" || character === "_" || isSpace(character);
const joins = ({ kind }: Run) => kind === "none" || kind === "connector" || kind === "punctuation";
const continuesNumber = ({ kind }: Run) => kind === "letters" || kind === "number";

/** snake_case or kebab-case: the words in lower case, joined by `mark` (xstrings.ToSnakeCase, ToKebabCase). */
export function joinWords(text: string, mark: "_" | "-"): string {
  const runs = runsOfText(text);
  let out = "";
  let at = 0;
  const current = () => runs[at] ?? nothing;
  const emit = ({ kind, text: run }: Run) => {
    if (kind === "connector") out += mark.repeat([...run].length);
    else if (kind === "capitals") for (const character of run) out += lowerRune(character);
    else out += run;
  };
  /** Writes a number with the letters that follow it, and the mark before the next word. */
  const emitRestOfNumber = () => {
    while (continuesNumber(current())) emit(runs[at++] as Run);
    if (!joins(current())) out += mark;
  };
  while (at < runs.length - 1) {
    const run = runs[at++] as Run;
    emit(run);
    const next = current();
    if (run.kind === "number") emitRestOfNumber();
    else if (run.kind === "connector" || run.kind === "punctuation") continue;
    else if (next.kind !== "number") {
      if (!joins(next)) out += mark;
    } else if (at < runs.length - 1) {
      // A number before a new word belongs to the word before it (Bld4Floor), one before small letters to these.
      at++;
      if (current().kind === "letters") {
        out += mark;
        emit(next);
        emitRestOfNumber();
      } else {
        emit(next);
        if (!joins(current())) out += mark;
      }
    }
  }
  emit(current());
  return out;
}

/**
 * CamelCase as sprig means it: words joined, each with a capital (xstrings.ToPascalCase). Leading connectors and all
 * but one of several in a row stay.
 */
export function pascalCase(text: string): string {
  const characters = [...text];
  const first = characters.findIndex((character) => !isConnector(character));
  if (first < 0) return text + (characters.at(-1) ?? "");
  let out = characters.slice(0, first).join("");
  let previous = upperRune(characters[first] as string);
  // In a run of capitals at the start of a word only the first keeps its size.
  let inCapitals = isUpper(characters[first] as string);
  for (let character of characters.slice(first + 1)) {
    if (isConnector(previous)) {
      if (isConnector(character)) out += previous;
      else {
        inCapitals = isUpper(character);
        character = upperRune(character);
      }
    } else {
      inCapitals &&= isUpper(character);
      if (inCapitals) character = lowerRune(character);
      out += previous;
    }
    previous = character;
  }
  return out + previous;
}
