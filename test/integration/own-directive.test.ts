import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repository } from "../support/program.ts";

const page = readFileSync(join(repository, "docs/guides/own-directive.md"), "utf8");
const block = (language: string, index = 0): string =>
  [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language)[index]![2]!;

/** Runs the page's program on a text; what it printed. */
function mirrors(text: string): string {
  const program = `${block("js")}
try {
  console.log(JSON.stringify(mirrors(${JSON.stringify(text)})));
} catch (error) {
  console.log(error.message);
}`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-"], {
    cwd: repository,
    input: program,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return stdout.trim();
}

it("reads the directive that the guide shows", () => {
  expect(JSON.parse(mirrors(block("")))).toEqual([
    { site: "example.com", url: "https://copy.example.net", timeout: "5s", headers: { "X-Mirror": "yes" } },
  ]);
  expect(JSON.parse(mirrors("(m) {\n\tmirror {args[0]}\n}\na {\n\timport m b\n}\n"))).toMatchObject([
    { url: "b" },
  ]);
});

it("gives the errors that the guide shows", () => {
  const [unknown, count] = block("", 1).split("\n");
  expect(mirrors("a {\n\tmirror b {\n\t\ttimout 5s\n\t}\n}\n")).toBe(unknown);
  expect(mirrors("a {\n\tmirror\n}\n")).toBe(count);
});

it("takes ten lines", () => {
  const body = /function readMirror\(d\) \{\n([\s\S]*?)\n\}\n/.exec(block("js"))![1]!;
  expect(body.split("\n").length).toBeLessThanOrEqual(10);
});
