// npm run openapi: writes docs/reference/openapi.json from the routes of src/admin/. A test compares the two.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { tool } from "./setup.mjs";

const file = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const { outputFiles } = await build({
  entryPoints: [file("src/admin/openapi.ts")],
  bundle: true,
  format: "esm",
  platform: "node",
  packages: "external",
  write: false,
});
const { openApi } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
const page = file("docs/reference/openapi.json");
writeFileSync(page, `${JSON.stringify(openApi(), undefined, 2)}\n`);
tool("biome", "format", "--write", page);
