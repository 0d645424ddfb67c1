import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { followFile, lastLinesOf } from "../../../src/output/file-follower.ts";
import { until } from "../../support/gates.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "csv-"));
  file = join(folder, "out.log");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);
const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");

it("reads the last lines, however many blocks they fill, and those of files that do not end in one", async () => {
  writeFileSync(file, text(numbered(1, 50_000)));
  expect((await lastLinesOf(file, 3)).lines).toEqual(numbered(49_998, 50_000));
  expect((await lastLinesOf(file, 20_000)).lines).toEqual(numbered(30_001, 50_000));
  expect((await lastLinesOf(file, 90_000)).lines).toEqual(numbered(1, 50_000));
  expect((await lastLinesOf(file, 0)).lines).toEqual([]);
  appendFileSync(file, "half");
  const { lines, unfinished, offset } = await lastLinesOf(file, 1);
  expect([lines, unfinished, offset]).toEqual([["line 50000"], "half", text(numbered(1, 50_000)).length]);
  expect(await lastLinesOf(join(folder, "none"), 2)).toMatchObject({ lines: [], offset: 0 });
  writeFileSync(file, "");
  expect((await lastLinesOf(file, 2)).lines).toEqual([]);
  await expect(lastLinesOf(folder, 2)).rejects.toThrow("it is no regular file");
});

it("takes nothing out of a pipe, and does not wait for its other end", async () => {
  execFileSync("mkfifo", [file]);
  await expect(lastLinesOf(file, 2)).rejects.toThrow("it is no regular file");
  await expect(followFile(file, 0, () => {}, new AbortController().signal)).rejects.toThrow(
    "no regular file",
  );
});

it("does not search a file of one endless line to its beginning", async () => {
  const size = 3 * 2 ** 30;
  writeFileSync(file, "first\n");
  truncateSync(file, size);
  const end = await lastLinesOf(file, 10);
  expect(end.lines).toEqual([]);
  expect(end.unfinished?.length).toBeLessThan(2 ** 25);
  appendFileSync(file, "\nlast\n");
  expect((await lastLinesOf(file, 10)).lines).toEqual(["last"]);
});

it("a file that is begun anew ends an unfinished line", async () => {
  const stop = new AbortController();
  const seen: string[] = [];
  writeFileSync(file, "one\nhalf");
  const following = followFile(file, 0, (line) => void seen.push(line), stop.signal);
  await until("the first", () => seen.length >= 1);
  renameSync(file, `${file}.1`);
  writeFileSync(file, "whole\n");
  await until("all", () => seen.length >= 3);
  stop.abort();
  await following;
  expect(seen).toEqual(["one", "half", "whole"]);
});

it("follows a file through additions, renaming, emptying and absence, without losing or repeating a line", async () => {
  const stop = new AbortController();
  const seen: string[] = [];
  const saw = (count: number) => until(`${count} lines, not ${seen}`, () => seen.length >= count);
  const following = followFile(file, 0, (line) => void seen.push(line), stop.signal);
  writeFileSync(file, text(numbered(1, 3)));
  await saw(3);
  appendFileSync(file, "line");
  appendFileSync(file, " 4\n");
  await saw(4);
  renameSync(file, `${file}.1`);
  appendFileSync(`${file}.1`, text(numbered(5, 5)));
  writeFileSync(file, text(numbered(6, 7)));
  await saw(7);
  truncateSync(file, 0);
  // Seen as empty before it grows again.
  await until("the reader to have noticed", () => {
    appendFileSync(file, "");
    return true;
  });
  rmSync(file);
  writeFileSync(file, text(numbered(8, 9)));
  await saw(9);
  stop.abort();
  await following;
  expect(seen).toEqual(numbered(1, 9));
});

it("waits for whoever takes the lines", async () => {
  const stop = new AbortController();
  writeFileSync(file, text(numbered(1, 1000)));
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const seen: string[] = [];
  const take = (line: string) => {
    seen.push(line);
    return gate;
  };
  const following = followFile(file, 0, take, stop.signal);
  await until("the first line", () => seen.length > 0);
  expect(seen).toEqual(["line 1"]);
  open();
  await until("the others", () => seen.length === 1000);
  stop.abort();
  await following;
});
