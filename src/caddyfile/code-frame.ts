import type { Place } from "../errors.ts";

/** Lines shown before the one it is about. */
const linesBefore = 1;
/** A longer line is shown in part: an accident may have put a megabyte on it. */
const widest = 160;

/**
 * The lines around a place, with a caret under it.
 *
 * @example
 * codeFrame("{\n\tsupervisor {\n\t\tapp {\n\t\t\treplicas x\n", { file: "Caddyfile", line: 4 });
 * //   3 |         app {
 * // > 4 |             replicas x
 * //     |             ^
 */
export function codeFrame(text: string, { line, column }: Place): string {
  const lines = text.split("\n");
  const width = String(line).length;
  const shown: string[] = [];
  for (let number = Math.max(1, line - linesBefore); number <= line; number++) {
    const source = lines[number - 1];
    if (source === undefined) break;
    const mark = number === line ? ">" : " ";
    shown.push(`${mark} ${String(number).padStart(width)} | ${visible(source)}`.trimEnd());
  }
  const source = lines[line - 1];
  if (source === undefined) return shown.join("\n");
  const first = column ?? source.length - source.trimStart().length + 1;
  if (first <= widest) {
    shown.push(`  ${" ".repeat(width)} | ${" ".repeat(visible(source.slice(0, first - 1)).length)}^`);
  }
  return shown.join("\n");
}

/** A line as a terminal can show it: tabs widened, control characters made harmless. */
function visible(line: string): string {
  const cut = line.length > widest ? `${line.slice(0, widest)}…` : line;
  return cut.replaceAll("\t", "    ").replace(/[\x00-\x1f\x7f]/g, "\ufffd");
}
