import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { coreFile } from "../../../src/supervise/core-file.ts";

// The kernel's settings are the whole machine's: files stand for them, and for the dumps.
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "csv-"));
  mkdirSync(join(root, "proc/sys/kernel"), { recursive: true });
  mkdirSync(join(root, "work"));
});
afterEach(() => rmSync(root, { recursive: true }));

const segv = 11;
const since = Date.now();

function settings(pattern: string, usesPid = "0"): void {
  writeFileSync(join(root, "proc/sys/kernel/core_pattern"), `${pattern}\n`);
  writeFileSync(join(root, "proc/sys/kernel/core_uses_pid"), `${usesPid}\n`);
}

function dump(...names: string[]): void {
  for (const name of names) writeFileSync(join(root, name), "\x7fELF");
}

const look = (signal = segv) => coreFile({ pid: 4321, signal, dir: join(root, "work"), since }, root);

it.each([
  ["core", "1", "work/core.4321"],
  ["core.%p", "0", "work/core.4321"],
  ["core-%e-%s-%p-%t", "0", "work/core-my worker-11-4321-1795780000"],
  ["100%%.%p%", "1", "work/100%.4321"],
  ["dumps/%p.(core)", "0", "work/dumps/4321.(core)"],
])("finds the dump that the pattern %j (with pid: %s) names", (pattern, usesPid, name) => {
  settings(pattern, usesPid);
  mkdirSync(join(root, "work/dumps"));
  dump("work/core", "work/core.43210", "work/core.432", name);
  expect(look()).toBe(join(root, name));
});

it("finds one in a folder of its own", () => {
  settings(`${root}/work/core.%p`);
  dump("work/core.4321");
  const found = coreFile({ pid: 4321, signal: 6, dir: "/", since }, root);
  expect(found).toBe(join(root, "work/core.4321"));
});

it.each([
  ["has no pid in it", "core"],
  ["has only the outer pid in it", "core.%P"],
  ["has a percent sign and a p in it", "core.%%p"],
  ["is a program's", "|core.%p"],
  ["is a socket's", "@core.%p"],
  ["names a folder that we cannot know", "%e/core.%p"],
  ["is empty", ""],
])("knows nothing where the pattern %s", (_, pattern) => {
  settings(pattern);
  dump("work/core", "work/core.4321", "work/core.%p", "work/|core.4321", "work/@core.4321");
  expect(look()).toBeUndefined();
});

it("takes nobody else's dump, nothing that is none, and never throws", () => {
  expect(look()).toBeUndefined();
  settings("core.%p");
  expect(look()).toBeUndefined();
  dump("work/core.4321");
  expect(look(15)).toBeUndefined();
  expect(look()).toBeDefined();
  utimesSync(join(root, "work/core.4321"), new Date(), new Date(since - 60_000));
  expect(look()).toBeUndefined();
  rmSync(join(root, "work/core.4321"));
  dump("elsewhere");
  symlinkSync(join(root, "elsewhere"), join(root, "work/core.4321"));
  expect(look()).toBeUndefined();
  rmSync(join(root, "work"), { recursive: true });
  expect(look()).toBeUndefined();
});

it("does not choose between two that may be it", () => {
  settings("%e.%p");
  dump("work/one.4321", "work/two.4321");
  expect(look()).toBeUndefined();
});
