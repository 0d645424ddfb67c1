import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const loader = resolve("bin/code-cache.js");
let folder: string;
let program: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "code-cache-"));
  program = join(folder, "program.cjs");
  const body = `exports.answer = () => require("node:path").basename(__filename) + " 42";`;
  writeFileSync(program, `(function (exports, require, module, __filename, __dirname) { ${body} })`);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Loads the program in a Node of its own, calls it, and gives what it says. */
function load(keeps: boolean): string {
  const script = `process.stdout.write(require(${JSON.stringify(loader)})
    .loadWithCodeCache(${JSON.stringify(program)}, ${keeps}).answer())`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
  return stdout + stderr;
}
const caches = () => readdirSync(folder).filter((name) => name !== "program.cjs");

it("keeps what was compiled beside the program, for this Node, and uses it", () => {
  expect(load(true)).toBe("program.cjs 42");
  const [name] = caches();
  expect(caches()).toEqual([`program.cjs.${process.version}-${process.arch}.cache`]);
  const before = readFileSync(join(folder, name!));
  expect(load(true)).toBe("program.cjs 42");
  expect(readFileSync(join(folder, name!)).equals(before)).toBe(true);
  // V8 compares no more of the source than its length: that a kept code runs shows that it is used.
  writeFileSync(program, readFileSync(program, "utf8").replace("42", "43"));
  expect(load(false)).toBe("program.cjs 42");
});

it("leaves nothing behind where it is not asked to", () => {
  expect(load(false)).toBe("program.cjs 42");
  expect(caches()).toEqual([]);
});

it("takes no notice of a file that is no compiled code", () => {
  writeFileSync(`${program}.${process.version}-${process.arch}.cache`, "nonsense");
  expect(load(true)).toBe("program.cjs 42");
});

it.runIf(process.getuid?.() === 0)("writes into nobody's folder but our own", () => {
  chownSync(folder, 12_345, 12_345);
  expect(load(true)).toBe("program.cjs 42");
  expect(caches()).toEqual([]);
});
