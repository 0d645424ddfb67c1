// npm run diagram: draws the table of src/supervise/transitions.ts into docs/architecture.md. A test compares the two.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";

const file = (path) => new URL(`../${path}`, import.meta.url);
export const page = file("docs/architecture.md");
const begin = "<!-- The table, drawn by `npm run diagram` -->\n";
const end = "<!-- End of the drawing -->\n";

/** The page with the diagram of the table as it is now. */
export async function drawn(text) {
  const { code } = await transform(readFileSync(file("src/supervise/transitions.ts"), "utf8"), {
    loader: "ts",
  });
  const { transitions } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error("docs/architecture.md has lost the marks around the diagram");
  return `${text.slice(0, from + begin.length)}${diagram(transitions)}${text.slice(to)}`;
}

/** An arrow for each pair of states, with all events that lead from the one to the other. */
function diagram(transitions) {
  const arrows = new Map();
  for (const [state, row] of Object.entries(transitions)) {
    for (const [event, { next, effects, impossible }] of Object.entries(row)) {
      if (impossible || (next === state && effects.length === 0)) continue;
      const arrow = `${state} --> ${next}`;
      arrows.set(arrow, [...(arrows.get(arrow) ?? []), event]);
    }
  }
  const lines = [...arrows].map(([arrow, events]) => `    ${arrow}: ${events.join(", ")}`);
  return ["```mermaid", "stateDiagram-v2", "    [*] --> idle", ...lines, "```", ""].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(page, await drawn(readFileSync(page, "utf8")));
}
