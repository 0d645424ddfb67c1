import { readFileSync } from "node:fs";
import { packageFile } from "../caddy/package-file.ts";

/** The package's version, as in `v0.1.0`. */
export function version(): string {
  const manifest = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string };
  return `v${manifest.version}`;
}
