import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Autosave } from "../../../src/app/autosave.ts";
import type { Document } from "../../../src/caddy/private-config.ts";
import { silentLog } from "../../support/silent-log.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "save-"));
  path = join(folder, "caddy", "autosave.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const save = (document: Document) => {
  const autosave = new Autosave(path, silentLog);
  autosave.save({ apps: { former: {} } });
  autosave.save(document);
};
const saved = () => JSON.parse(readFileSync(path, "utf8")) as unknown;

it("saves the last one, for nobody else to read, and leaves nothing else behind", () => {
  save({ apps: { a: {} } });
  expect(saved()).toEqual({ apps: { a: {} } });
  expect(lstatSync(path).mode & 0o777).toBe(0o600);
  expect(lstatSync(join(folder, "caddy")).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(folder, "caddy"))).toEqual(["autosave.json"]);
});

it("saves where a link leads", () => {
  mkdirSync(join(folder, "caddy"));
  mkdirSync(join(folder, "elsewhere"));
  writeFileSync(join(folder, "elsewhere", "config.json"), "{}");
  symlinkSync(join(folder, "elsewhere", "config.json"), path);
  save({ apps: { a: {} } });
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(saved()).toEqual({ apps: { a: {} } });
  expect(readdirSync(join(folder, "elsewhere"))).toEqual(["config.json"]);
});

it("does not write through what somebody has put beside it", () => {
  const other = join(folder, "other");
  writeFileSync(other, "precious");
  mkdirSync(join(folder, "caddy"));
  symlinkSync(other, `${path}.${process.pid}`);
  save({ apps: { a: {} } });
  expect(readFileSync(other, "utf8")).toBe("precious");
  expect(saved()).toEqual({ apps: { a: {} } });
  expect(lstatSync(path).isSymbolicLink()).toBe(false);
});
