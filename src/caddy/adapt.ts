import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ParsedCaddyfile } from "../caddyfile/parse.ts";
import { SupervisorError } from "../errors.ts";
import { findCaddy, runCaddy } from "./binary.ts";
import { messageHint } from "./message-hint.ts";
import { messagePlace } from "./message-place.ts";
import { caddyError, caddyWarnings } from "./messages.ts";
import type { Document } from "./private-config.ts";
import { shadowOf } from "./shadow.ts";

export interface AdaptContext {
  readonly caddy?: string;
  readonly env: NodeJS.ProcessEnv;
  /** The user's: relative paths of imports begin there. */
  readonly cwd: string;
}

/** Caddy's half of a configuration. */
export interface CaddyHalf {
  readonly document: Document;
  /** Sentences with the user's own file and line. */
  readonly warnings: readonly string[];
}

/**
 * Has stock Caddy adapt everything but our option, by way of a shadow of the user's files that has the same lines.
 *
 * @throws SupervisorError `NO_CADDY`, `CADDY_CONFIG` with Caddy's message on the user's own file and line
 */
export async function adaptWithCaddy(parsed: ParsedCaddyfile, context: AdaptContext): Promise<CaddyHalf> {
  const binary = findCaddy(context.caddy, context.env);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "caddy-supervisor-adapt-")));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // Also when a signal ends us while Caddy reads it: it holds the configuration.
  process.once("exit", remove);
  try {
    const shadow = shadowOf(parsed, { folder, cwd: context.cwd });
    for (const { path, text } of shadow.files) writeFileSync(path, text, { mode: 0o600 });
    return await adaptFile(binary, shadow.main, "caddyfile", {
      ...context,
      env: { ...context.env, ...shadow.env },
      mapMessage: shadow.mapMessage,
      ownPath: shadow.ownPath,
      parsed,
    });
  } finally {
    process.off("exit", remove);
    remove();
  }
}

/**
 * A configuration in a form that only the binary reads (`--adapter yaml`).
 *
 * @throws SupervisorError `NO_CADDY`, `ADAPTER`
 */
export function adaptForeign(path: string, adapter: string, context: AdaptContext): Promise<CaddyHalf> {
  const binary = findCaddy(context.caddy, context.env);
  return adaptFile(binary, path, adapter, {
    ...context,
    mapMessage: (message) => message,
    ownPath: (path) => path,
  });
}

interface AdaptCall extends AdaptContext {
  readonly mapMessage: (message: string) => string;
  /** For paths in the document: `file_server` hides the files that it was configured in. */
  readonly ownPath: (path: string) => string;
  /** What the binary reads a shadow of. */
  readonly parsed?: ParsedCaddyfile;
}

async function adaptFile(
  binary: string,
  path: string,
  adapter: string,
  { env, cwd, mapMessage, ownPath, parsed }: AdaptCall,
): Promise<CaddyHalf> {
  const { code, stdout, stderr } = await runCaddy(binary, ["adapt", "--config", path, "--adapter", adapter], {
    env,
    cwd,
  });
  if (code !== 0) {
    const message = mapMessage(caddyError(stderr));
    // Caddy's words for an adapter that it does not know.
    const code = message.includes("unrecognized config adapter") ? "ADAPTER" : "CADDY_CONFIG";
    throw new SupervisorError(code, message, {
      place: messagePlace(message, parsed),
      hint: messageHint(message, parsed),
    });
  }
  const document = JSON.parse(stdout, (_key, value: unknown) =>
    typeof value === "string" ? ownPath(value) : value,
  ) as Document;
  return { document, warnings: caddyWarnings(stderr).map(mapMessage) };
}
