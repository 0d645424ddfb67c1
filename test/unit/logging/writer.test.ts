import { spawn, spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { outletOf } from "../../../src/logging/outlet.ts";
import { LineWriter } from "../../../src/logging/writer.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "writer-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lines = (count: number) => Array.from({ length: count }, (_, n) => `line ${n}\n`);

it("writes every line in order", async () => {
  const path = join(folder, "log");
  const descriptor = openSync(path, "a");
  const writer = new LineWriter(outletOf(descriptor));
  for (const line of lines(10_000)) writer.write(line);
  await writer.drain();
  closeSync(descriptor);
  expect(readFileSync(path, "utf8")).toBe(lines(10_000).join(""));
});

/** A pipe whose writing end never blocks. */
function nonBlockingPipe(): { reader: number; writer: number } {
  const path = join(folder, "pipe");
  spawnSync("mkfifo", [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { reader, writer: openSync(path, constants.O_WRONLY | constants.O_NONBLOCK) };
}

it("keeps lines for a reader that has stalled, and loses none when it is back", async () => {
  const pipe = nonBlockingPipe();
  const writer = new LineWriter(outletOf(pipe.writer));
  const text = lines(20_000).join("");
  for (const line of lines(20_000)) writer.write(line);
  let read = "";
  const buffer = Buffer.alloc(65_536);
  const drained = writer.drain();
  while (read.length < text.length) {
    try {
      read += buffer.toString("latin1", 0, readSync(pipe.reader, buffer));
    } catch {
      await new Promise(setImmediate);
    }
  }
  await drained;
  expect(read).toBe(text);
  closeSync(pipe.reader);
  closeSync(pipe.writer);
});

it("bounds what it keeps, counts what it drops, and says so when the reader is back", async () => {
  const pipe = nonBlockingPipe();
  let dropped = 0;
  const writer = new LineWriter(outletOf(pipe.writer), (count) => {
    dropped += count;
  });
  const line = `${"x".repeat(1023)}\n`;
  for (let n = 0; n < 5_000; n++) writer.write(line);
  let read = 0;
  const buffer = Buffer.alloc(65_536);
  const drained = writer.drain();
  let over = false;
  void drained.then(() => {
    over = true;
  });
  while (!over) {
    try {
      read += readSync(pipe.reader, buffer);
    } catch {
      await new Promise(setImmediate);
    }
  }
  // The writer is through; what it wrote last may still be in the pipe.
  for (let more = 1; more > 0; ) {
    try {
      more = readSync(pipe.reader, buffer);
      read += more;
    } catch {
      more = 0;
    }
  }
  expect(dropped).toBeGreaterThan(0);
  expect(read / 1024 + dropped).toBe(5_000);
});

it("is quiet when its reader has gone", async () => {
  const reader = spawn("true", [], { stdio: ["pipe", "ignore", "ignore"] });
  await new Promise((resolve) => reader.once("exit", resolve));
  const descriptor = openSync("/dev/full", "w");
  const writer = new LineWriter(outletOf(descriptor));
  writer.write("lost\n");
  await writer.drain();
  writer.write("lost too\n");
  await writer.drain();
  writer.close();
  closeSync(descriptor);
});
