import { resolve } from "node:path";
import type { Document } from "../caddy/private-config.ts";
import { absolutePattern } from "../caddyfile/import-files.ts";
import type { ImportRecord } from "../caddyfile/parser.ts";
import { type AdaptedText, adaptText } from "../config/adapt.ts";
import type { Definition, DefinitionJson } from "../config/definition.ts";
import { definitionsFromApp } from "../config/definition-json.ts";
import type { DefinitionPlaces } from "../config/places.ts";
import { type Notice, type Problem, refuseProblems } from "../config/problems.ts";
import { SupervisorError } from "../errors.ts";
import { type ConfigSource, readConfigSource } from "./config-source.ts";

export interface LoadOptions {
  /** `caddyfile`, `supervisorfile` or the name of an adapter of the Caddy binary's. Default: told from the file name. */
  readonly adapter?: string;
  /** The Caddy binary. Default: `caddy` on the PATH, looked for only when it is needed. */
  readonly caddy?: string;
  /** Replaces the process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: the current folder. */
  readonly cwd?: string;
  /** Read as the Go module reads; what it misreads becomes a warning. Default false. */
  readonly compat?: boolean;
}

/** A configuration, read and understood: both halves. */
export interface Config {
  /** The file as it was named; `-` for stdin. */
  readonly source: string;
  /** All that it was read from: absolute paths of files, and patterns that may match more of them. Empty for stdin. */
  readonly files: readonly string[];
  /** The whole document: `apps.supervisor`, and what Caddy made of the rest. */
  readonly document: Document;
  readonly supervise: readonly (Definition | DefinitionJson)[];
  /** Where each definition stands; none for a JSON configuration. */
  readonly places: readonly DefinitionPlaces[];
  /** The environment that it was read in, and that the processes inherit. Undefined: nobody has named one. */
  readonly env?: NodeJS.ProcessEnv;
  /** Whether there is anything for Caddy to do. */
  readonly needsCaddy: boolean;
  /** A Supervisorfile knows no Caddy, and so opens no admin endpoint over TCP. */
  readonly isSupervisorfile: boolean;
  readonly warnings: readonly string[];
  /** Those of the warnings whose exact place is known. */
  readonly notices: readonly Notice[];
}

/**
 * Loads a configuration file: a Caddyfile, a Supervisorfile or Caddy's JSON. Caddy is asked only for what we cannot
 * read ourselves.
 *
 * @param path `-` for stdin; default: `Caddyfile`, else `Supervisorfile` in the current folder
 * @throws SupervisorError with file and line
 * @example
 * const app = new App(await loadConfig("Caddyfile"));
 */
export async function loadConfig(path?: string, options: LoadOptions = {}): Promise<Config> {
  const cwd = options.cwd ?? process.cwd();
  const source = await readConfigSource(path, options.adapter, cwd);
  if (source.text.trim() === "") {
    // Caddy's words for it.
    throw new SupervisorError("CONFIG_FILE", `adapting config using ${source.adapter}: EOF`, {
      hint: `${source.name} is empty`,
    });
  }
  return configFrom(source, options);
}

/**
 * As {@link loadConfig}, of a text that was read already.
 *
 * @throws SupervisorError with the source's name and line
 */
export async function configFrom(source: ConfigSource, options: LoadOptions = {}): Promise<Config> {
  const read = readers[source.adapter] ?? readForeign;
  const context = { ...options, cwd: options.cwd ?? process.cwd(), env: options.env ?? process.env };
  return read(source, context);
}

type Context = LoadOptions & { readonly cwd: string; readonly env: NodeJS.ProcessEnv };
type Reader = (source: ConfigSource, context: Context) => Promise<Config> | Config;

const readers: Readonly<Record<string, Reader>> = {
  caddyfile: readCaddyfile,
  supervisorfile: readOurHalf,
  json: readJson,
};

async function readCaddyfile(source: ConfigSource, context: Context): Promise<Config> {
  const adapted = adaptOurHalf(source, context);
  if (!adapted.needsCaddy || adapted.parsed === undefined) return fromAdapted(source, adapted, context);
  const { adaptWithCaddy } = await import("../caddy/adapt.ts");
  const caddy = await adaptWithCaddy(adapted.parsed, context);
  const ours = adapted.config.apps?.supervisor;
  const document: Document = {
    ...caddy.document,
    apps: { ...caddy.document.apps, ...(ours === undefined ? {} : { supervisor: ours }) },
  };
  return {
    ...fromAdapted(source, adapted, context),
    document,
    needsCaddy: true,
    warnings: [...adapted.warnings, ...caddy.warnings],
  };
}

function readOurHalf(source: ConfigSource, context: Context): Config {
  return { ...fromAdapted(source, adaptOurHalf(source, context), context), isSupervisorfile: true };
}

function adaptOurHalf(source: ConfigSource, { cwd, env, compat = false }: Context): AdaptedText {
  const kind = source.adapter === "supervisorfile" ? "supervisorfile" : "caddyfile";
  const adapted = adaptText(source.text, {
    filename: source.name,
    cwd,
    env: definedOnly(env),
    compat,
    kind,
  });
  if (!compat) refuseProblems(adapted.problems as readonly Problem[]);
  return adapted;
}

function fromAdapted(source: ConfigSource, adapted: AdaptedText, { cwd }: Context): Config {
  return {
    source: source.name,
    files: [...fileOf(source, cwd), ...adapted.imports.flatMap((record) => filesOf(record, cwd))],
    document: adapted.config,
    supervise: adapted.config.apps?.supervisor?.supervise ?? [],
    places: adapted.places,
    needsCaddy: adapted.needsCaddy,
    isSupervisorfile: false,
    warnings: adapted.warnings,
    notices: adapted.notices,
  };
}

function readJson(source: ConfigSource, context: Context): Config {
  return fromDocument(source, parseDocument(source.text, source.name), context);
}

function fileOf({ name }: ConfigSource, cwd: string): string[] {
  return name === "-" ? [] : [resolve(cwd, name)];
}

function filesOf({ isSnippet, isGlob, pattern, files }: ImportRecord, cwd: string): string[] {
  if (isSnippet) return [];
  const matches = files.map(({ path }) => path);
  return isGlob ? [absolutePattern(pattern.text, pattern.source.file, cwd), ...matches] : matches;
}

/** Top-level parts of a document that we can do without Caddy. */
const plainParts: readonly string[] = ["admin", "logging", "apps"];

function fromDocument(source: ConfigSource, document: Document, { cwd }: Context): Config {
  const apps = document.apps ?? {};
  return {
    source: source.name,
    files: fileOf(source, cwd),
    document,
    supervise: apps.supervisor === undefined ? [] : definitionsFromApp(apps.supervisor),
    places: [],
    needsCaddy:
      Object.keys(apps).some((app) => app !== "supervisor") ||
      Object.keys(document).some((part) => !plainParts.includes(part)),
    isSupervisorfile: false,
    warnings: [],
    notices: [],
  };
}

/** An adapter that only the binary knows (`--adapter yaml`): it gives JSON. */
async function readForeign(source: ConfigSource, context: Context): Promise<Config> {
  const { adaptForeign } = await import("../caddy/adapt.ts");
  const caddy = await adaptForeign(resolve(context.cwd, source.name), source.adapter, context);
  return { ...fromDocument(source, caddy.document, context), warnings: caddy.warnings };
}

function parseDocument(text: string, name: string): Document {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new SupervisorError("JSON_CONFIG", `decoding config: ${(cause as Error).message}, in ${name}`, {
      hint: looksLikeJson(text)
        ? undefined
        : "by its name it is JSON; a Caddyfile with another name needs --adapter caddyfile",
      cause,
    });
  }
  if (typeof document === "object" && document !== null && !Array.isArray(document))
    return document as Document;
  throw new SupervisorError("JSON_CONFIG", `decoding config: an object is expected, in ${name}`);
}

/** A Caddyfile may begin with a brace, too, but no quote or second brace follows it. */
function looksLikeJson(text: string): boolean {
  return /^\s*(\{\s*["}]|\[)/.test(text);
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
