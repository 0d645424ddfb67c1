import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const ownName = "caddy-supervisor";

/** The path of a file of this package, wherever a bundler has put the code that asks. */
export function packageFile(name: string): string {
  folder ??= packageFolder();
  return join(folder, name);
}

/** It does not move while we run. */
let folder: string | undefined;

function packageFolder(): string {
  let nearest = import.meta.dirname;
  while (!existsSync(join(nearest, "package.json")) && nearest !== dirname(nearest))
    nearest = dirname(nearest);
  if (isOurs(join(nearest, "package.json"))) return nearest;
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
