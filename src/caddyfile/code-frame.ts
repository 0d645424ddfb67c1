import type { Place } from "../errors.ts";

/** Longer lines are cut around the caret. */
const widest = 100;

/**
 * The lines of `text` around a place, with a caret under the column.
 * @param span how many characters to mark; default 1.
 * @example
 * codeFrame(text, { file: "Caddyfile", line: 4, column: 4 });
 * //   3 |         php-fpm {
 * // > 4 |             dri /srv
 * //     |             ^
 * //   5 |         }
 */
export function codeFrame(text: string, place: Place, span = 1): string {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  if (place.line < 1 || place.line > lines.length) return "";
  const column = (place.column ?? 1) - 1;
  const cut = Math.max(0, column - Math.floor(widest / 2));
  // Tabs widened, other control characters made harmless: the file may be a binary one by mistake.
  const show = (line: string): string =>
    line
      .slice(cut, cut + widest)
      .replaceAll("\t", "    ")
      .replace(/[\x00-\x1f\x7f-\x9f]/g, "\ufffd");
  const first = Math.max(1, place.line - 1);
  const last = Math.min(lines.length, place.line + 1);
  const width = String(last).length;
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const line = lines[number - 1]!;
    if (number === last && number > place.line && line.trim() === "") break;
    const mark = number === place.line ? ">" : " ";
    frame.push(`${mark} ${String(number).padStart(width)} | ${show(line)}`.trimEnd());
    if (number !== place.line || place.column === undefined) continue;
    const before = show(line.slice(0, column)).length;
    const marked = Math.max(1, Math.min(span, widest - before));
    frame.push(`  ${" ".repeat(width)} | ${" ".repeat(before)}${"^".repeat(marked)}`);
  }
  return frame.join("\n");
}
