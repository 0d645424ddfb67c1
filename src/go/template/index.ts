/** Go's text/template with sprig's functions, as the Go module runs it on commands, arguments and the rest. */
import { type Place, SupervisorError } from "../../errors.ts";
import { decodeUtf8, encodeUtf8 } from "../values/bytes.ts";
import { fromPlain } from "../values/from-plain.ts";
import { GoError, type GoValue } from "../values/model.ts";
import { builtins } from "./builtins.ts";
import { contextFor, type TemplateOptions } from "./context.ts";
import { executeProgram } from "./executor.ts";
import { TemplateFault } from "./fault.ts";
import { type Functions, type FunctionsOption, functionsOf } from "./functions.ts";
import { optionsStruct, type TemplateData } from "./options.ts";
import { parseTrees } from "./parser.ts";
import type { Program } from "./state.ts";

export type { TemplateOptions } from "./context.ts";
export type { Functions, FunctionsOption, PlainFunction, PlainFunctions } from "./functions.ts";
export type { TemplateData, TemplateOutputTarget } from "./options.ts";

export interface ParseOptions {
  /** The template's name in error messages and for `{{define}}`. Default `supervisor`. */
  readonly name?: string | undefined;
  /**
   * JavaScript functions by name, on top of sprig's: `{ shout: (text) => text.toUpperCase() }`. Give the same object
   * each time: what is parsed is kept with it. A map of Go functions stands instead of sprig's.
   */
  readonly funcs?: FunctionsOption | undefined;
}

export interface ExecuteOptions extends ParseOptions, TemplateOptions {}

const defaultName = "supervisor";

/** Lines and columns count from 1, columns in UTF-16 units. */
function placeIn(name: string, text: string, at: number): Place {
  const before = decodeUtf8(text.slice(0, at)).split("\n");
  return { file: decodeUtf8(name), line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Go errors leave as {@link SupervisorError}; anything else is a fault of ours and stays as it is. */
function asTemplateError<Result>(name: string, text: string, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    const place = error instanceof TemplateFault ? placeIn(name, text, error.at) : undefined;
    throw new SupervisorError("TEMPLATE", decodeUtf8(error.message), { cause: error, place });
  }
}

/** A parsed template: run it as often as you like. */
export class Template {
  private readonly program: Program;

  constructor(program: Program) {
    this.program = program;
  }

  /**
   * Runs the template on plain data: whole numbers are Go ints, objects `map[string]interface {}`.
   * @throws SupervisorError `TEMPLATE`, with Go's text
   */
  execute(data: unknown, options: TemplateOptions = {}): string {
    return this.run(fromPlain(data), options);
  }

  /**
   * Runs the template on a replica's options, as the Go module does.
   * @throws SupervisorError `TEMPLATE`, with Go's text
   */
  executeOptions(data: TemplateData, options: TemplateOptions = {}): string {
    return this.run(optionsStruct(data), options);
  }

  private run(data: GoValue, options: TemplateOptions): string {
    const { name, text } = this.program;
    return asTemplateError(name, text, () =>
      decodeUtf8(executeProgram(this.program, data, contextFor(options))),
    );
  }
}

/** Parsed templates of one set of functions, oldest first. */
const parsed = new WeakMap<Functions, Map<string, Template>>();
const keptTemplates = 256;

/**
 * Parses a template. The last 256 are kept, so parsing the same text again costs next to nothing.
 *
 * @throws SupervisorError `TEMPLATE`, with Go's text and the place
 * @example parse("--port={{ add 8000 .port }}").execute({ port: 1 }) // "--port=8001"
 */
export function parse(text: string, options: ParseOptions = {}): Template {
  const { name = defaultName } = options;
  const funcs = functionsOf(options.funcs);
  let templates = parsed.get(funcs);
  if (!templates) {
    templates = new Map();
    parsed.set(funcs, templates);
  }
  const key = `${name}\0${text}`;
  const known = templates.get(key);
  if (known) return known;
  const bytes = encodeUtf8(text);
  const byteName = encodeUtf8(name);
  const trees = asTemplateError(byteName, bytes, () =>
    parseTrees(byteName, bytes, (word) => funcs.has(word) || builtins.has(word)),
  );
  const template = new Template({ name: byteName, text: bytes, trees, functions: funcs });
  if (templates.size >= keptTemplates)
    for (const oldest of templates.keys()) {
      templates.delete(oldest);
      break;
    }
  templates.set(key, template);
  return template;
}

/**
 * Runs a template on plain data.
 *
 * @throws SupervisorError `TEMPLATE`, with Go's text
 * @example
 * execute("{{ .name | upper }}", { name: "php" }); // "PHP"
 * execute("{{ shout .name }}", { name: "php" }, { funcs: { shout: (text) => `${text}!` } }); // "php!"
 */
export function execute(template: string, data: unknown, options: ExecuteOptions = {}): string {
  return parse(template, options).execute(data, options);
}

/**
 * Runs a template on a replica's options.
 *
 * @throws SupervisorError `TEMPLATE`, with Go's text
 */
export function executeOptions(template: string, data: TemplateData, options: ExecuteOptions = {}): string {
  return parse(template, options).executeOptions(data, options);
}
