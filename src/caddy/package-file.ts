import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The path of a file of this package, wherever the bundler has put the code that asks. */
export function packageFile(name: string): string {
  const manifest = createRequire(import.meta.url).resolve("caddy-supervisor/package.json");
  return join(dirname(manifest), name);
}
