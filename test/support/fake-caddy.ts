import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repository, type Sandbox } from "./program.ts";

/** A shell script by the name of a program, in a folder of its own that may be put on a PATH. */
export function script(sandbox: Sandbox, name: string, text: string): { file: string; folder: string } {
  const file = sandbox.path(name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return { file, folder: dirname(file) };
}

/** A folder in which `caddy` is a link to our program. */
export function linkToUs(sandbox: Sandbox, name = "links"): { file: string; folder: string } {
  const folder = sandbox.path(name);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "caddy");
  symlinkSync(join(repository, "bin/caddy-supervisor.js"), file);
  return { file, folder };
}
