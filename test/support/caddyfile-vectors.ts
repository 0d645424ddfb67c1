import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** One line of vectors/caddyfile.jsonl; `$DIR` in a result is the folder of the files. */
export interface CaddyfileLine {
  readonly name: string;
  readonly caddyfile: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly tokens?: readonly unknown[];
  readonly lex_error?: string;
  readonly blocks?: readonly unknown[];
  readonly parse_error?: string;
  readonly adapted?: { readonly apps?: { readonly supervisor?: unknown } };
  readonly error?: string;
}

/** Errors that only Caddy's own half of the configuration raises: our half has nothing to say there. */
export const raisedByCaddyAlone = /(^|: )unrecognized (directive|global option): |^subject does not qualify /;

/** Runs `action` in a folder with the line's files, and the environment that the line was made with. */
export function withFiles<T>(
  line: CaddyfileLine,
  action: (cwd: string, env: Readonly<Record<string, string>>) => T,
): T {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "caddyfile-vector-")));
  try {
    for (const [name, text] of Object.entries({ Caddyfile: line.caddyfile, ...line.files })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return action(folder, { HOME: "/nonexistent/home", PATH: "/usr/bin:/bin", ...line.env });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
