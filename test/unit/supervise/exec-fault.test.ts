import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { missingInterpreter } from "../../../src/supervise/exec-fault.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exec-fault-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (content: string | Buffer) => {
  const path = join(folder, "program");
  writeFileSync(path, content);
  return path;
};

it.each([
  ["#!/usr/bin/php9\n", "/usr/bin/php9"],
  ["#! /usr/bin/php9 -q\n", "/usr/bin/php9"],
  ["#!/bin/sh\n", undefined],
  ["plain text", undefined],
  ["", undefined],
])("%j needs %s", (content, missing) => {
  expect(missingInterpreter(file(content))).toBe(missing);
});

it("finds the loader that a binary names", () => {
  copyFileSync("/bin/sh", join(folder, "sh"));
  expect(missingInterpreter(join(folder, "sh"))).toBe(undefined);
  const binary = readFileSync(join(folder, "sh"));
  const loader = binary.indexOf("/lib64/ld-linux") >= 0 ? "/lib64/ld-linux" : "/lib/ld-";
  binary.write("X", binary.indexOf(loader) + 1);
  expect(missingInterpreter(file(binary))).toMatch(/^\/X/);
});

it("says nothing of a file that is not there", () => {
  expect(missingInterpreter(join(folder, "nobody"))).toBe(undefined);
});
