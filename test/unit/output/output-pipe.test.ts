import { closeSync, readlinkSync, writeSync } from "node:fs";
import { expect, it } from "vitest";
import { LineConsumer } from "../../../src/output/line-consumer.ts";
import { OutputPipe } from "../../../src/output/output-pipe.ts";
import { until } from "../../support/gates.ts";

/** A pipe to a sink that takes lines when it is told to. */
function stalledPipe() {
  const lines: string[] = [];
  let waiters: (() => void)[] = [];
  let hasRoom = false;
  const sink = {
    write: (line: Buffer) => void lines.push(line.toString()),
    hasRoom: () => hasRoom,
    whenRoom: (callback: () => void) => void waiters.push(callback),
  };
  const pipe = new OutputPipe(new LineConsumer(sink, "block", () => {}));
  return {
    pipe,
    lines,
    isWaiting: () => waiters.length > 0,
    makeRoom() {
      hasRoom = true;
      const told = waiters;
      waiters = [];
      for (const waiter of told) waiter();
    },
  };
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `${from + index}`.padEnd(1_000, "."));

it("keeps the order of what was read ahead and what is still in the pipe when a stalled run ends", async () => {
  const { pipe, lines, isWaiting, makeRoom } = stalledPipe();
  const writer = pipe.openWriter();
  try {
    writeSync(writer, `${numbered(0, 20).join("\n")}\n`);
    await until("the reader to stall", isWaiting);
    writeSync(writer, `${numbered(20, 50).join("\n")}\n`);
    // The socket may read ahead now, and what comes afterwards stays in the pipe.
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    writeSync(writer, `${numbered(50, 60).join("\n")}\nunfinished`);
  } finally {
    closeSync(writer);
  }
  pipe.endRun();
  makeRoom();
  await until("all lines", () => lines.length > 60);
  expect(lines).toEqual([...numbered(0, 60), "unfinished"]);
  await pipe.close(5_000);
});

it("takes what is left also after it was closed, and then gives the pipe back", async () => {
  const { pipe, lines, isWaiting, makeRoom } = stalledPipe();
  const writer = pipe.openWriter();
  const name = readlinkSync(`/proc/self/fd/${writer}`);
  writeSync(writer, "first\n");
  await until("the reader to stall", isWaiting);
  writeSync(writer, "second\nunfinished");
  closeSync(writer);
  const closed = pipe.close(5_000);
  makeRoom();
  await closed;
  expect(lines).toEqual(["first", "second", "unfinished"]);
  await until("the pipe to be closed", () => !openFiles().includes(name));
});

it("is done only when all of an ended run is taken: the next one has a pipe of its own until then", async () => {
  const { pipe, isWaiting, makeRoom } = stalledPipe();
  const writer = pipe.openWriter();
  writeSync(writer, "first\n");
  await until("the reader to stall", isWaiting);
  writeSync(writer, "unfinished");
  closeSync(writer);
  pipe.endRun();
  expect(pipe.isDone()).toBe(false);
  makeRoom();
  await until("all to be taken", () => pipe.isDone());
  await pipe.close(5_000);
});

it("is given back when it is abandoned, also while its close waits for room", async () => {
  const { pipe, isWaiting } = stalledPipe();
  const writer = pipe.openWriter();
  const name = readlinkSync(`/proc/self/fd/${writer}`);
  writeSync(writer, "first\n");
  await until("the reader to stall", isWaiting);
  writeSync(writer, "second\n");
  closeSync(writer);
  const closed = pipe.close(Number.POSITIVE_INFINITY);
  pipe.abandon();
  await closed;
  await until("the pipe to be closed", () => !openFiles().includes(name));
});

function openFiles(): string[] {
  return Array.from({ length: 256 }, (_, descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      return "";
    }
  });
}
