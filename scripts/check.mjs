// npm run check: format and lint, types, layers and cycles, what commands load, unused code.
import { installPackages, run, tool } from "./setup.mjs";

installPackages();
tool("biome", "ci", "--colors=off", ".");
tool("tsc", "-p", "tsconfig.json");
run("node", ["scripts/check-layers.mjs"]);
run("node", ["scripts/check-loading.mjs"]);
tool("knip");
