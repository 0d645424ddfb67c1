/** What a layout's element stands for; the comments of {@link layoutPieces} show the texts. */
export type LayoutElement =
  | "longMonth"
  | "month"
  | "numericMonth"
  | "zeroMonth"
  | "longWeekday"
  | "weekday"
  | "day"
  | "underDay"
  | "zeroDay"
  | "underYearDay"
  | "zeroYearDay"
  | "hour"
  | "hour12"
  | "zeroHour12"
  | "minute"
  | "zeroMinute"
  | "second"
  | "zeroSecond"
  | "longYear"
  | "year"
  | "upperMeridiem"
  | "lowerMeridiem"
  | "zoneName"
  | "offset"
  | "fraction";

const elements: Readonly<Record<string, LayoutElement>> = {
  January: "longMonth",
  Jan: "month",
  "1": "numericMonth",
  "01": "zeroMonth",
  Monday: "longWeekday",
  Mon: "weekday",
  "2": "day",
  _2: "underDay",
  "02": "zeroDay",
  __2: "underYearDay",
  "002": "zeroYearDay",
  "15": "hour",
  "3": "hour12",
  "03": "zeroHour12",
  "4": "minute",
  "04": "zeroMinute",
  "5": "second",
  "05": "zeroSecond",
  "2006": "longYear",
  "06": "year",
  PM: "upperMeridiem",
  pm: "lowerMeridiem",
  MST: "zoneName",
};

// Longest first where one begins with another. `Jan` and `Mon` are words of their own only when no lower-case
// letter follows, `_2006` is an underscore and a year, and a fraction's digits end with the number.
const elementPattern =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|2|_2(?!006)|__2|3|4|5|PM|pm|[-Z](?:070000|07:00:00|0700|07:00|07)|[.,](?:0+|9+)(?!\d)/g;

export interface LayoutPiece {
  /** Literal text before the element. */
  readonly literal: string;
  /** The element's own text, such as `02` or `.000`. */
  readonly text: string;
  readonly element: LayoutElement;
}

export interface Layout {
  readonly pieces: readonly LayoutPiece[];
  /** Literal text after the last element. */
  readonly tail: string;
}

function elementOf(text: string): LayoutElement {
  const known = elements[text];
  if (known) return known;
  return /^[.,]/.test(text) ? "fraction" : "offset";
}

/** Takes a layout apart as Go's time.nextStdChunk does, piece by piece. */
export function layoutPieces(layout: string): Layout {
  const pieces: LayoutPiece[] = [];
  let end = 0;
  for (const match of layout.matchAll(elementPattern)) {
    const [text] = match;
    pieces.push({ literal: layout.slice(end, match.index), text, element: elementOf(text) });
    end = match.index + text.length;
  }
  return { pieces, tail: layout.slice(end) };
}

/** The shape of a numeric zone element such as `-07:00` or `Z0700`. */
export interface OffsetStyle {
  /** `Z` forms write UTC as the letter Z. */
  readonly zuluForUtc: boolean;
  readonly colons: boolean;
  /** 1 hours, 2 and minutes, 3 and seconds. */
  readonly parts: 1 | 2 | 3;
}

/** Reads {@link OffsetStyle} off an `offset` element's text. */
export function offsetStyle(text: string): OffsetStyle {
  const digits = text.replaceAll(/\D/g, "").length;
  return {
    zuluForUtc: text.startsWith("Z"),
    colons: text.includes(":"),
    parts: digits === 2 ? 1 : digits === 4 ? 2 : 3,
  };
}
