import { type Piece, scanPieces } from "./format-pieces.ts";

/** Deeper blocks are not indented further, as in Caddy. */
const deepestIndent = 10;

/**
 * Lays out a Caddyfile as `caddy fmt` (2.10) does: tabs, one space between words, at most one blank line, `{` at the
 * end of its line, one line feed at the end. Quoted words, heredocs and comments stay as they are, and so does
 * every token: where Caddy's formatter damages a word (an unquoted `{{.Replica}}`, spaces in backticks, a lone
 * `<`), this one leaves it whole. Works for texts that do not parse, too; never throws.
 * @example
 * format(":80 {\nrespond   hi\n}"); // ":80 {\n\trespond hi\n}\n"
 */
export function format(text: string): string {
  const layout = new Layout();
  scanPieces(text, (piece) => layout.add(piece));
  return keepMark(text, layout.finish());
}

/** A word that begins with U+FEFF must not come to stand where that would be a byte order mark. */
function keepMark(text: string, formatted: string): string {
  return formatted.startsWith("\ufeff") && !text.startsWith("\ufeff") ? `\n${formatted}` : formatted;
}

class Layout {
  #out = "";
  #last = "";
  #nesting = 0;
  #beginsLine = true;
  /** No blank line at the begin of a block, or of the text. */
  #opensBlock = true;
  #needsSpace = false;
  /** The rest of the text stays as it is, to the last character. */
  #ended = false;

  add(piece: Piece): void {
    if (piece.kind === "open") this.#open();
    else if (piece.kind === "close") this.#close();
    else this.#word(piece);
    this.#ended = piece.kind === "tail";
  }

  finish(): string {
    if (this.#last !== "\n" && !this.#ended) this.#newLine();
    return this.#out;
  }

  #write(text: string): void {
    if (text === "") return;
    this.#out += text;
    this.#last = text.at(-1)!;
    this.#needsSpace = false;
  }

  #newLine(): void {
    this.#write(this.#needsSpace ? " \n" : "\n");
    this.#beginsLine = true;
  }

  #indent(): void {
    this.#write("\t".repeat(this.#nesting));
  }

  #word({ kind, raw, space, newlines, lines, marker, needsSpaceAfter }: Piece): void {
    if (!this.#opensBlock) for (let count = 0; count < Math.min(newlines, 2); count++) this.#newLine();
    this.#opensBlock = false;
    if (this.#beginsLine) this.#indent();
    if (this.#nesting === 0 && this.#last === "}" && this.#beginsLine) {
      this.#newLine();
      this.#newLine();
    }
    if (!this.#beginsLine && space) this.#write(" ");
    if (lines) this.#heredoc(lines, marker ?? "");
    else this.#write(raw);
    this.#beginsLine = false;
    this.#needsSpace = needsSpaceAfter;
    // The end of a comment's line does not count among the blank lines that follow.
    if (kind === "line") this.#newLine();
  }

  /** A heredoc with CRLF line ends: its lines follow the indentation. */
  #heredoc(lines: readonly string[], marker: string): void {
    const indent = "\t".repeat(this.#nesting);
    const body = lines.map((line) => (line === "" ? "\n" : `${indent}${line}\n`)).join("");
    this.#write(`<<${marker}\n${body}${indent}${marker}`);
  }

  /** A brace joins the line before it, except behind a comment or another brace. */
  #open(): void {
    if (this.#nesting === 0 && this.#last === "}" && this.#beginsLine) {
      this.#newLine();
      this.#newLine();
    }
    if (this.#beginsLine) this.#indent();
    else this.#write(" ");
    this.#write("{");
    this.#newLine();
    this.#opensBlock = true;
    if (this.#nesting < deepestIndent) this.#nesting++;
  }

  /** What follows on the line of a closing brace still counts as the begin of a line: it is indented anew. */
  #close(): void {
    this.#opensBlock = false;
    if (this.#last !== "\n" && this.#last !== "") this.#newLine();
    if (this.#nesting > 0) this.#nesting--;
    this.#indent();
    this.#write("}");
  }
}
