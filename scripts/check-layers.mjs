// Fails when a file of src/ imports from a layer below its own, or when imports form a cycle.
// The order is the house of docs/architecture.md: data flows one way.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const source = resolve(dirname(fileURLToPath(import.meta.url)), "../src");
const layers = [
  "errors.ts",
  "go",
  "caddyfile",
  "config",
  "supervise",
  "output",
  "logging",
  "caddy",
  "app",
  "admin",
  "cli",
  "index.ts",
];

/** What a layer may import besides itself. Text layers stay usable alone. */
const allowed = {
  "errors.ts": [],
  go: ["errors.ts"],
  caddyfile: ["errors.ts", "go"],
};

const files = readdirSync(source, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.split(sep).join("/"));

const layerOf = (file) => file.split("/")[0];
const importPattern =
  /(?:^|\n)\s*(?:import|export)\s(?:[^"';]*?\sfrom\s)?["'](\.[^"']+)["']|import\(\s*["'](\.[^"']+)["']\s*\)/g;

const graph = new Map();
const faults = [];
for (const file of files) {
  const layer = layers.indexOf(layerOf(file));
  if (layer < 0) faults.push(`${file}: no such layer: ${layerOf(file)}`);
  const targets = [];
  for (const match of readFileSync(resolve(source, file), "utf8").matchAll(importPattern)) {
    const target = relative(source, resolve(source, dirname(file), match[1] ?? match[2]))
      .split(sep)
      .join("/");
    targets.push(target);
    const targetLayer = layerOf(target);
    if (targetLayer === layerOf(file)) continue;
    const permitted = allowed[layerOf(file)];
    if (layers.indexOf(targetLayer) > layer) faults.push(`${file}: imports ${target}, a layer below its own`);
    else if (permitted && !permitted.includes(targetLayer))
      faults.push(`${file}: a text layer may not import ${target}`);
  }
  graph.set(file, targets);
}

const done = new Set();
function visit(file, path) {
  if (path.includes(file)) {
    faults.push(`import cycle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
    return;
  }
  if (done.has(file)) return;
  for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
  done.add(file);
}
for (const file of files) visit(file, []);

for (const fault of faults) console.error(fault);
console.log(`layers: ${files.length} files, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
