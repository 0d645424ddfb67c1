import { readFileSync } from "node:fs";
import { parseEnvFile } from "../config/env-file.ts";
import { SupervisorError } from "../errors.ts";
import { errnoText } from "../supervise/lookup.ts";

/**
 * Our environment with the variables of env files added; a variable that is set already stays, as in Caddy.
 *
 * @throws SupervisorError `ENV_FILE`
 */
export function environmentWith(
  files: readonly string[] = [],
  own: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const fromFiles: NodeJS.ProcessEnv = {};
  for (const file of files) Object.assign(fromFiles, parseEnvFile(readEnvFile(file), file));
  return { ...fromFiles, ...own };
}

function readEnvFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new SupervisorError("ENV_FILE", `reading environment file: open ${file}: ${errnoText(cause)}`, {
      cause,
    });
  }
}
