import { existsSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { SupervisorError } from "../errors.ts";
import { errnoText } from "../supervise/lookup.ts";

/** How a configuration is written. Any other word is an adapter of the Caddy binary's. */
export type Adapter = "caddyfile" | "supervisorfile" | "json" | (string & {});

/** A configuration text and where it came from. */
export interface ConfigSource {
  /** As given, for messages; `-` for stdin. */
  readonly name: string;
  readonly text: string;
  readonly adapter: Adapter;
}

/** What is looked for in the current folder when no file is named. */
const defaultNames: readonly string[] = ["Caddyfile", "Supervisorfile"];

/** What lies in a folder to be taken when no file is named. */
export function defaultConfig(cwd: string): string | undefined {
  return defaultNames.find((candidate) => existsSync(resolve(cwd, candidate)));
}

/**
 * Reads the configuration: the named file, `-` for stdin, or what lies in the current folder.
 *
 * @throws SupervisorError `CONFIG_FILE`
 */
export async function readConfigSource(
  given: string | undefined,
  adapter: string | undefined,
  cwd: string,
): Promise<ConfigSource> {
  const name = given ?? defaultConfig(cwd);
  if (name === undefined) {
    throw new SupervisorError(
      "CONFIG_FILE",
      `no configuration: there is neither ${defaultNames.join(" nor ")} in ${cwd}`,
    );
  }
  const text = name === "-" ? await readStdin() : readText(name, cwd);
  return { name, text, adapter: adapter || adapterFor(name) };
}

/** Caddy's rule for the name of a file (its cmd/commandfuncs.go), and the Supervisorfile. */
export function adapterFor(name: string): Adapter {
  const base = basename(name).toLowerCase();
  if (base.startsWith("supervisorfile")) return "supervisorfile";
  if (!base.endsWith(".json") && (base.startsWith("caddyfile") || base.endsWith(".caddyfile")))
    return "caddyfile";
  return "json";
}

function readText(name: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, name), "utf8");
  } catch (cause) {
    throw new SupervisorError("CONFIG_FILE", `reading config from file: open ${name}: ${errnoText(cause)}`, {
      cause,
    });
  }
}

/** As a stream: stdin may be non-blocking, and then has nothing to give yet. */
async function readStdin(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk as string;
  return text;
}
