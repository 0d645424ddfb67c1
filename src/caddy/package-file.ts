import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const ownName = "caddy-supervisor";

/** The path of a file of this package, wherever a bundler has put the code that asks. */
export function packageFile(name: string): string {
  return join(packageFolder(), name);
}

function packageFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) folder = dirname(folder);
  if (isOurs(join(folder, "package.json"))) return folder;
  // A program has bundled us: the package is among its others. (Node takes some milliseconds to find it so.)
  return dirname(createRequire(import.meta.filename).resolve(`${ownName}/package.json`));
}

function isOurs(manifest: string): boolean {
  try {
    return (JSON.parse(readFileSync(manifest, "utf8")) as { name?: unknown }).name === ownName;
  } catch {
    return false;
  }
}
