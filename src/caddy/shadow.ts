/**
 * The text that stock Caddy adapts in place of the user's: the same Caddyfile without our `supervisor` option,
 * line for line, so that Caddy's messages name the right lines. Text in, texts out: the caller writes them to a
 * private folder and runs `caddy adapt --adapter caddyfile --config <main>` on them.
 *
 * A file that holds (part of) the option gets a shadow copy, and so does every file that imports such a file, up to
 * the main one. In a shadow copy the lines of the option are a lone `#`, and relative imports are absolute, since the
 * copy stands in another folder. A glob that matches a shadowed file becomes the import of a generated file
 * with one import for each match.
 */
import { posix } from "node:path";
import { absolutePattern } from "../caddyfile/import-files.ts";
import type { ParsedCaddyfile } from "../caddyfile/parse.ts";
import type { ImportRecord, Segment } from "../caddyfile/parser.ts";
import type { Source } from "../caddyfile/source.ts";
import type { Token } from "../caddyfile/token.ts";
import { escapeEnv, openBraceVariable, quoted, ShadowEdits } from "./shadow-edits.ts";

export interface ShadowFile {
  readonly path: string;
  readonly text: string;
}

export interface Shadow {
  /** To be written; the first one is the main file. */
  readonly files: readonly ShadowFile[];
  /** The path of the main file. */
  readonly main: string;
  /** To be added to the environment of `caddy adapt`. */
  readonly env: Readonly<Record<string, string>>;
  /** Puts the user's own files in the place of the shadow's in a message of Caddy's. */
  mapMessage(message: string): string;
  /** The user's own file in the place of a copy; any other path as it is. */
  ownPath(path: string): string;
}

export interface ShadowOptions {
  /** The private folder that the files will stand in; absolute. */
  readonly folder: string;
  /** What relative imports of the main file are relative to; default the process's folder. */
  readonly cwd?: string;
}

/** Whether a global option is ours. */
export function isSupervisorSegment(segment: Segment): boolean {
  return segment[0]?.text === "supervisor";
}

/**
 * Makes the shadow of a parsed Caddyfile.
 * @throws SupervisorError CADDYFILE_SHADOW when an import is used in two ways that one text cannot serve.
 */
export function shadowOf(parsed: ParsedCaddyfile, options: ShadowOptions): Shadow {
  return new ShadowBuilder(parsed, options).build();
}

class ShadowBuilder {
  readonly #parsed: ParsedCaddyfile;
  readonly #folder: string;
  readonly #cwd: string;
  /** By what the source is called in messages: a file that is imported twice has two sources and one copy. */
  readonly #edits = new Map<string, ShadowEdits>();
  readonly #generated: (ShadowFile & { readonly standsFor: Token })[] = [];

  constructor(parsed: ParsedCaddyfile, { folder, cwd = process.cwd() }: ShadowOptions) {
    this.#parsed = parsed;
    this.#folder = folder;
    this.#cwd = cwd;
  }

  build(): Shadow {
    const { main, blocks, imports } = this.#parsed;
    this.#editsOf(main);
    const globals = blocks[0]?.keys.length === 0 ? blocks[0].segments : [];
    const ours = globals.filter(isSupervisorSegment);
    const firstWords = new Set<Token | undefined>(ours.map(([word]) => word));
    const inside = imports.filter(({ inSegment }) => inSegment && firstWords.has(inSegment));
    const outside = imports.filter((record) => !inside.includes(record));
    const chains = new Set(inside.map(({ last }) => `${last.file}:${last.line} (import`));
    // What an import inside the option brought in goes with that import: its file may serve elsewhere, too.
    const isBroughtIn = ({ imports: chain }: Token): boolean =>
      chains.has(chain.at(-1)?.replace(/ \(import.*$/s, " (import") ?? "");
    for (const token of ours.flat()) if (!isBroughtIn(token)) this.#editsOf(token.source).blank(token);
    for (const record of inside) this.#blankImport(record);
    this.#shadowImporters(outside);
    for (const record of outside) this.#redirect(record);

    const copies = [...this.#edits.values()].map((edits) => ({ edits, path: this.#pathOf(edits.source) }));
    const files = copies.map(({ edits, path }) => ({ path, text: edits.text() }));
    const ownFiles = new Map(copies.map(({ edits, path }) => [path, edits.source.file]));
    return {
      files: [...files, ...this.#generated.map(({ path, text }) => ({ path, text }))],
      main: this.#pathOf(main),
      env: { [openBraceVariable]: "{$" },
      mapMessage: messageMapper(
        [...ownFiles],
        this.#generated.map(({ path, standsFor }) => [path, `${standsFor.file}:${standsFor.line}`]),
      ),
      ownPath: (path) => withSlash(ownFiles.get(path)) ?? path,
    };
  }

  #editsOf(source: Source): ShadowEdits {
    const known = this.#edits.get(source.file);
    if (known) return known;
    const edits = new ShadowEdits(source);
    this.#edits.set(source.file, edits);
    return edits;
  }

  #isShadowed(source: Source | undefined): boolean {
    return source !== undefined && this.#edits.has(source.file);
  }

  #pathOf(source: Source): string {
    const index = [...this.#edits.keys()].indexOf(source.file);
    // The user's file name at the end keeps a message readable even before it is mapped.
    return posix.join(this.#folder, `${index}-${posix.basename(source.file) || "caddyfile"}`);
  }

  #blankImport({ directive, last }: ImportRecord): void {
    const edits = this.#edits.get(directive.source.file);
    if (edits && directive.source.file === last.source.file) edits.blankRange(directive.start, last.end);
  }

  /** A shadowed file is reached only through imports that name its copy, so whoever imports it is shadowed too. */
  #shadowImporters(imports: readonly ImportRecord[]): void {
    for (let grown = true; grown; ) {
      const before = this.#edits.size;
      for (const { files, pattern } of imports)
        if (files.some(({ source }) => this.#isShadowed(source))) this.#editsOf(pattern.source);
      grown = this.#edits.size > before;
    }
  }

  /** Makes an import in a shadow copy lead to where the user's own leads, or to copies where there are some. */
  #redirect(record: ImportRecord): void {
    const { pattern, files, isSnippet, isGlob } = record;
    const edits = this.#edits.get(pattern.source.file);
    if (!edits) return;
    const shadowed = files.find(({ source }) => this.#isShadowed(source));
    if (isSnippet) edits.keepPattern(pattern);
    else if (!shadowed) edits.prefixPattern(pattern, this.#folderOf(pattern.source));
    else if (isGlob) edits.replacePattern(pattern, this.#generate(record));
    else edits.replacePattern(pattern, this.#pathOf(shadowed.source!));
  }

  #folderOf(source: Source): string {
    return posix.dirname(absolutePattern("x", source.file, this.#cwd));
  }

  /** `{args.0}` is the form that every Caddy 2 knows. */
  #generate({ files, args, hasBlock, last }: ImportRecord): string {
    const path = posix.join(this.#folder, `import-${this.#generated.length}.caddyfile`);
    const words = args.map((_, index) => ` {args.${index}}`).join("");
    const block = hasBlock ? " {\n\t{block}\n}" : "";
    const text = files
      .map(({ path: match, source }) => (this.#isShadowed(source) ? this.#pathOf(source!) : match))
      .map((target) => `import ${quoted(target)}${words}${block}\n`)
      .join("");
    this.#generated.push({ path, text: escapeEnv(text), standsFor: last });
    return path;
  }
}

/** Of a name without a slash `file_server` would hide every file; Caddy writes it as this (fileserver/caddyfile.go). */
function withSlash(file: string | undefined): string | undefined {
  return file === undefined || file.includes("/") ? file : `./${file}`;
}

/** Copies are named as the user's file; a line of a generated file is the import that it stands for. */
function messageMapper(
  copies: readonly (readonly [path: string, file: string])[],
  generated: readonly (readonly [path: string, place: string])[],
): (message: string) => string {
  return (message) => {
    let mapped = message;
    for (const [path, place] of generated)
      mapped = mapped
        .split(path)
        .map((part, index) => (index === 0 ? part : place + part.replace(/^:\d+/, "")))
        .join("");
    for (const [path, file] of copies) mapped = mapped.replaceAll(path, file);
    return mapped;
  };
}
