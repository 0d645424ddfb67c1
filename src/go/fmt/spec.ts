import { decodeRune, runeCount } from "../values/bytes.ts";

/** One formatting directive: flags, width, precision. The verb goes beside it. */
export interface Spec {
  readonly plus: boolean;
  readonly minus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  /** Set by `%+v`: struct fields with their names. */
  readonly plusV: boolean;
  /** Set by `%#v`: Go syntax. */
  readonly sharpV: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

/** No flags, no width, no precision. */
export const plainSpec: Spec = {
  plus: false,
  minus: false,
  sharp: false,
  space: false,
  zero: false,
  plusV: false,
  sharpV: false,
  width: undefined,
  precision: undefined,
};

/** What fills a field of the given length: zeros only on the left. */
export function padding(spec: Spec, length: number): string {
  return (spec.zero && !spec.minus ? "0" : " ").repeat(Math.max(length, 0));
}

/** The text in a field of the spec's width, counted in runes. */
export function pad(spec: Spec, text: string): string {
  if (spec.width === undefined || spec.width === 0) return text;
  const fill = padding(spec, spec.width - runeCount(text));
  return spec.minus ? text + fill : fill + text;
}

/** The text in its field, filled with spaces even where the spec says zeros. */
export function padWithSpaces(spec: Spec, text: string): string {
  return pad({ ...spec, zero: false }, text);
}

/** The first runes of a text, as many as the precision asks for. */
export function truncate(spec: Spec, text: string): string {
  if (spec.precision === undefined || spec.precision >= text.length) return text;
  let end = 0;
  for (let runes = 0; runes < spec.precision && end < text.length; runes++) end += decodeRune(text, end).size;
  return text.slice(0, end);
}
