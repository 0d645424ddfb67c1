// The numbers as Markdown, and their section of docs/benchmarks.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, tool } from "../setup.mjs";
import { isSize } from "./bounds.mjs";

const data = join(root, "docs", "growth.json");
const page = join(root, "docs", "benchmarks.md");
const begin = "<!-- No growth, written by `npm run growth -- --write` -->";
const end = "<!-- End of no growth -->";

const labels = {
  objects: "JavaScript objects",
  heap: "JavaScript heap, with compiled code",
  external: "memory outside of it that V8 knows of",
  buffers: "of that, buffers",
  rss: "RSS",
  anonymous: "anonymous memory",
  descriptors: "descriptors",
  timers: "timers",
  emitters: "event emitters",
  promises: "promises",
};

/** A column for each scenario, a row for each thing that is held. */
export function tableOf(results) {
  const isHeld = (name) => results.some(({ before, after }) => before[name] || after[name]);
  const names = [...new Set(results.flatMap(({ before, after }) => Object.keys({ ...before, ...after })))];
  const rows = [
    ["", ...results.map(({ name }) => name)],
    ["---", ...results.map(() => "---:")],
    ...names.filter(isHeld).map((name) => [labelOf(name), ...results.map((result) => cell(name, result))]),
  ];
  return rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function labelOf(name) {
  const label = labels[name] ?? name.replace("resource ", "what keeps the event loop going: ");
  return isSize(name) ? `${label}, MB` : label;
}

function cell(name, { before, after }) {
  const text = (value = 0) => (isSize(name) ? (value / 1e6).toFixed(2) : String(value));
  return `${text(before[name])} → ${text(after[name])}`;
}

/** What docs/benchmarks.md says of growth; it stands between two marks, so that it can be written alone. */
export function growthSection() {
  const { date, node, results } = readData();
  if (results.length === 0) return "";
  const titles = results.map(({ name, title }) => `* **${name}**: ${title}.`).join("\n");
  return `${begin}
## No growth

Written by \`npm run growth -- --write\` on ${date}, Node ${node}. The real program tells what it holds at rest, after all garbage was collected: before (when it
had done a tenth as much to warm up) → after. The run fails when its objects take 0.1 MB or 1 % more, or when anything that is counted has grown by one;
\`scripts/growth/bounds.mjs\` has all bounds. What the heap gains beside objects is code: V8 goes on compiling what stays hot.

${titles}

${tableOf(results)}

${end}
`;
}

/** What was not measured this time keeps its numbers. */
export function writeGrowth(measured, order) {
  const known = [...measured, ...readData().results];
  const results = order.flatMap((name) => known.find((result) => result.name === name) ?? []);
  const about = { date: new Date().toISOString().slice(0, 10), node: process.version };
  writeFileSync(data, JSON.stringify({ ...about, results }));
  tool("biome", "format", "--write", data);
  writeFileSync(page, replaced(readFileSync(page, "utf8")));
}

/** The page with the section as it is now; where it has none yet, it comes last. */
function replaced(text) {
  const [head, rest = ""] = text.split(begin);
  const tail = rest.split(`${end}\n`)[1] ?? "";
  return `${head.trimEnd()}\n\n${growthSection()}${tail}`;
}

function readData() {
  return existsSync(data) ? JSON.parse(readFileSync(data, "utf8")) : { results: [] };
}
