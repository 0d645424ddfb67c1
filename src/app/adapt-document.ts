import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigDoor } from "./config-door.ts";
import { configFrom, type LoadOptions } from "./load-config.ts";

type AdaptedDocument = Awaited<ReturnType<ConfigDoor["adapt"]>>;

/** Caddy's name for a text that comes over its API: the file that messages name, and imports begin in our folder. */
const nameOfCaddyfile = "Caddyfile";

/**
 * Adapts a text that is no file: a Caddyfile with our option, or whatever else the Caddy binary has an adapter for.
 *
 * @throws SupervisorError with Caddy's text
 */
export async function adaptDocument(
  text: string,
  adapter: string,
  options: Omit<LoadOptions, "adapter"> = {},
): Promise<AdaptedDocument> {
  if (adapter === "caddyfile") return adapted(nameOfCaddyfile, text, adapter, options);
  // The binary's adapters read files.
  const folder = mkdtempSync(join(tmpdir(), "caddy-supervisor-adapt-"));
  try {
    const path = join(folder, "config");
    writeFileSync(path, text, { mode: 0o600 });
    return await adapted(path, text, adapter, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function adapted(
  name: string,
  text: string,
  adapter: string,
  options: Omit<LoadOptions, "adapter">,
): Promise<AdaptedDocument> {
  const { document, warnings } = await configFrom({ name, text, adapter }, options);
  return { document, warnings: warnings.map((sentence) => structured(sentence, name)) };
}

/** A warning in Caddy's form, from our sentence that names file and line at its end. */
function structured(sentence: string, name: string): AdaptedDocument["warnings"][number] {
  const match = /^(.*), at (.+):(\d+)$/s.exec(sentence);
  if (match === null) return { file: name, line: 0, message: sentence };
  const [, message = "", file = "", line] = match;
  return { file, line: Number(line), message };
}
