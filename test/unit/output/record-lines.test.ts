import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { outputDoors } from "../../../src/app/output-doors.ts";
import { consoleEncoder, type Encoder, encodeJson } from "../../../src/logging/encoders.ts";
import { Logger } from "../../../src/logging/logger.ts";
import { outletOf } from "../../../src/logging/outlet.ts";
import { LineWriter } from "../../../src/logging/writer.ts";
import { LineConsumer } from "../../../src/output/line-consumer.ts";
import { readLine } from "../../../src/output/line-record.ts";
import { recordLines } from "../../../src/output/record-lines.ts";
import { until } from "../../support/gates.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "record-lines-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Lines of all kinds, in long stretches of plain ones and mixed. */
const kinds: readonly ((n: number) => string)[] = [
  (n) => `plain ${n}`,
  (n) => `${n} ${"y".repeat((n * 37) % 400)}`,
  (n) => (n % 3 === 0 ? `"quoted" \\ ${n}\t\u0001` : `ünïcödé € ${n}`),
  (n) => (n % 5 === 0 ? `{"msg":"hello ${n}","n":${n}}` : `{no json ${n}`),
  () => "",
  (n) => `carriage return ${n}\r`,
  (n) => (n % 50 === 0 ? "z".repeat(60_000) : "short"),
];
const lines = kinds.flatMap((kind) => Array.from({ length: 500 }, (_, n) => kind(n)));
const about = {
  level: "info",
  process: "it",
  command: ["it", 'with "quotes"'],
  replica: 0,
  stream: "stdout",
} as const;

/** What the log holds after all lines came in chunks of all sizes; the second half is of another run. */
async function logged(encoder: Encoder): Promise<string[]> {
  const path = join(folder, "log");
  const descriptor = openSync(path, "a");
  const writer = new LineWriter(outletOf(descriptor));
  const logger = Logger.to((line) => writer.write(line), { level: "info", encoder }, writer);
  let pid = 1;
  const sink = recordLines(outputDoors(logger).records, "auto", () => ({ ...about, pid }));
  const consumer = new LineConsumer(sink, "block", () => {});
  const feed = async (part: readonly string[]) => {
    const bytes = Buffer.from(part.map((line) => `${line}\n`).join(""));
    const memory = Buffer.alloc(128 * 1024);
    for (let at = 0, size = 1; at < bytes.length; at += size, size = ((size * 31) % 90_001) + 1) {
      // One memory for all chunks, as the pipe has.
      const length = bytes.copy(memory, 0, at, at + size);
      consumer.take(memory.subarray(0, length));
      memory.fill("?", 0, length);
      if (!consumer.hasRoom()) await new Promise<void>((resolve) => consumer.whenRoom(resolve));
    }
    await until("all to be taken", () => consumer.isIdle());
  };
  await feed(lines.slice(0, 1_750));
  pid = 2;
  await feed(lines.slice(1_750));
  await writer.drain();
  closeSync(descriptor);
  return readFileSync(path, "utf8").split("\n").slice(0, -1);
}

it("gives the same records whether lines are written one by one or many at once", async () => {
  const records = (await logged(encodeJson)).map((text) => ({ ...JSON.parse(text), ts: 0 }));
  expect(records).toHaveLength(lines.length);
  for (const [index, line] of lines.entries()) {
    const { message, object } = readLine(Buffer.from(line), "auto");
    const log = object === undefined ? {} : { log: JSON.parse(object) };
    const run = { pid: index < 1_750 ? 1 : 2, ts: 0, logger: "process" };
    expect(records[index]).toEqual({ ...about, ...run, msg: message, ...log });
  }
});

it("writes them in the console format, too", async () => {
  const records = await logged(consoleEncoder(false));
  expect(records).toHaveLength(lines.length);
  expect(records[0]).toMatch(/\tINFO\tprocess\tplain 0\t\{"process": "it"/);
});
