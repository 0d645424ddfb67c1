// Results as Markdown tables, and docs/benchmarks.md.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { growthSection } from "../scripts/growth/report.mjs";
import { root, tool } from "../scripts/setup.mjs";
import { median } from "./statistics.mjs";

/** One scenario: a row for each thing measured, a column for each system; median (least–most). */
export function tableOf({ title, rounds, runs }, systems) {
  const present = systems.filter(({ name }) => runs[name] !== undefined);
  const hasFloor = runs.ours !== undefined && runs.node !== undefined;
  const metrics = [
    ...new Set(Object.values(runs).flatMap((each) => each.flatMap(({ measured }) => Object.keys(measured)))),
  ];
  const head = ["", ...present.map((system) => system.title), ...(hasFloor ? ["ours ÷ bare Node"] : [])];
  const rows = metrics.map((metric) => [
    metric,
    ...present.map(({ name }) => cell(valuesOf(runs[name], metric))),
    ...(hasFloor ? [ratio(runs.ours, runs.node, metric)] : []),
  ]);
  const lines = [head, head.map((_, index) => (index === 0 ? "---" : "---:")), ...rows];
  return `### ${title}\n\n${rounds === 1 ? "One run." : `${rounds} runs.`}\n\n${lines.map((line) => `| ${line.join(" | ")} |`).join("\n")}\n`;
}

/** What was not measured this time keeps its numbers. */
export function writeReport(measured, systems, scenarios) {
  const results = scenarios.flatMap(
    ({ name }) => [...measured, ...earlierResults()].find((result) => result.name === name) ?? [],
  );
  const about = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    versions: systems.map(({ title, version }) => `${title}: ${version}`),
  };
  const text = `# Benchmarks

Written by \`npm run bench -- --all\` on ${about.date}.

* Machine: ${about.machine}
* ${about.versions.join(", ")}

**Absolute numbers move** from machine to machine and with whatever else runs on it; compare ratios. Systems took turns, run by run. A
cell is the median (least–most); *ours ÷ bare Node* is the median of the ratios of runs that were side by side. "Bare Node" is the
simplest script with \`child_process.spawn\` and an exit handler (\`benchmarks/systems/spawn-loop.mjs\`).

How it is measured: the process under supervision is a static C program (\`benchmarks/child.c\`) that writes a monotonic timestamp into an
append-only file on tmpfs; the end of the last one is the end of a pipe that all of them hold. Memory (PSS) and CPU time are summed over the
supervisor and all its helpers, loggers and guards; not over the processes. Ours runs with its admin endpoint and control socket open, its log lines
written and its guard running: the bench refuses to measure it otherwise.

${results.map((result) => tableOf(result, systems)).join("\n")}
${growthSection()}
${readFileSync(join(root, "benchmarks", "notes.md"), "utf8")}`;
  writeFileSync(join(root, "docs", "benchmarks.md"), text);
  const data = join(root, "docs", "benchmarks.json");
  writeFileSync(
    data,
    `${JSON.stringify({ ...about, results }, (_, value) => (typeof value === "number" ? Number(value.toPrecision(4)) : value))}\n`,
  );
  tool("biome", "format", "--write", data);
}

function earlierResults() {
  try {
    return JSON.parse(readFileSync(join(root, "docs", "benchmarks.json"), "utf8")).results;
  } catch {
    return [];
  }
}

function valuesOf(runs, metric) {
  return runs.map(({ measured }) => measured[metric]).filter((value) => value !== undefined);
}

function cell(values) {
  if (values.length === 0) return "–";
  const middle = text(median(values));
  return values.length === 1
    ? middle
    : `${middle} (${text(Math.min(...values))}–${text(Math.max(...values))})`;
}

/** Of runs of the same round. */
function ratio(ours, floor, metric) {
  const ratios = ours.flatMap(({ round, measured }) => {
    const beside = floor.find((other) => other.round === round)?.measured[metric];
    return measured[metric] > 0 && beside > 0 ? [measured[metric] / beside] : [];
  });
  return ratios.length === 0 ? "–" : `**${median(ratios).toFixed(2)}**`;
}

function text(value) {
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  return value === 0 ? "0" : value.toFixed(value >= 0.1 ? 2 : 3);
}
