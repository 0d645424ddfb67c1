import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnvFile } from "../config/env-file.ts";
import { SupervisorError } from "../errors.ts";
import { errnoText } from "../supervise/lookup.ts";

/** No sane env file is larger (bytes). */
const largest = 1024 * 1024;

/**
 * The variables of a definition's env files, in their order.
 *
 * @throws SupervisorError `ENV_FILE` for a file that is missing, no regular file, too large, or has a line that is no
 * `KEY=VALUE`; a message never holds a value
 */
export function readEnvFiles(paths: readonly string[], cwd: string): Record<string, string>[] {
  return paths.map((path) => parseEnvFile(readBounded(path, cwd), path));
}

function readBounded(path: string, cwd: string): string {
  try {
    const absolute = resolve(cwd, path);
    const stats = statSync(absolute);
    // A named pipe would make us wait for somebody to write into it.
    if (!stats.isFile()) throw new Error("not a regular file");
    if (stats.size > largest) throw new Error(`larger than ${largest} bytes`);
    return readFileSync(absolute, "utf8");
  } catch (cause) {
    throw new SupervisorError("ENV_FILE", `env_file: open ${path}: ${errnoText(cause)}`, {
      option: "env_file",
      cause,
    });
  }
}
