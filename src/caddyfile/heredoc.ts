import { SupervisorError } from "../errors.ts";

const markerPattern = /^[A-Za-z0-9_-]+$/;

function heredocError(message: string): SupervisorError {
  return new SupervisorError("CADDYFILE_SYNTAX", message);
}

/**
 * The marker of an opening such as `<<END`; `word` is all of it, `line` for messages.
 * @throws SupervisorError when there is no marker, a `<` too many, or another character in it.
 */
export function heredocMarker(word: string, line: number): string {
  const rule = "must contain only alpha-numeric characters, dashes and underscores; got";
  if (word.length === 2)
    throw heredocError(`missing opening heredoc marker on line #${line}; ${rule} empty string`);
  if (word.startsWith("<<<"))
    throw heredocError(`too many '<' for heredoc on line #${line}; only use two, for example <<END`);
  const marker = word.slice(2);
  if (!markerPattern.test(marker)) throw heredocError(`heredoc marker on line #${line} ${rule} '${marker}'`);
  return marker;
}

/** The error of a heredoc whose marker does not come again; `line` is the last line of the text. */
export function incompleteHeredoc(marker: string, line: number): SupervisorError {
  return heredocError(`incomplete heredoc <<${marker} on line #${line}, expected ending marker ${marker}`);
}

/**
 * The text of a heredoc. `body` goes from the line after the opening to the end of the closing marker; what
 * stands before the marker on its line is taken off every line (Caddy's finalizeHeredoc).
 * @param line the line of the opening, for messages.
 * @throws SupervisorError when a line that is not empty does not begin with that padding.
 */
export function heredocText(body: string, marker: string, line: number): string {
  const contentEnd = body.lastIndexOf("\n");
  if (contentEnd < 0) return "";
  const padding = body.slice(contentEnd + 1, body.length - marker.length);
  const lines = body.slice(0, contentEnd).split("\n");
  return lines
    .map((text, index) => {
      if (text === "" || text === "\r") return "";
      if (!text.startsWith(padding))
        throw heredocError(
          `mismatched leading whitespace in heredoc <<${marker} on line #${line + index + 1} [${text}], expected whitespace [${padding}] to match the closing marker`,
        );
      return text.slice(padding.length).replaceAll("\r", "");
    })
    .join("\n");
}
