import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { consoleEncoder, encode, jsonEncoder } from "../../../src/logging/encoders.ts";
import { Logger } from "../../../src/logging/logger.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

let parts: string[] = [];
const room = {
  hasRoom: () => true,
  whenRoom: setImmediate,
  writeBytes: (records: Buffer) => void parts.push(records.toString()),
};
const open = (settings: { atOnce: boolean }) => {
  parts = [];
  const logger = Logger.to((line) => parts.push(line), { level: "info", encoder: jsonEncoder }, room);
  const oneByOne = Logger.to((line) => parts.push(line), { level: "info", encoder: jsonEncoder });
  return settings.atOnce ? logger : oneByOne;
};
const fields = { pid: 7 };
const written = () => parts.splice(0).join("");
const record = { level: "info", logger: "", fields } as const;

it("tells the time of each record, and takes on other settings at once", () => {
  const logger = open({ atOnce: true });
  const frame = logger.frame("info", fields);
  frame.write("one");
  expect(frame.writeLines(Buffer.from("two\n"))).toBe(4);
  expect(written()).toBe(
    ["one", "two"].map((message) => encode(jsonEncoder, { ...record, time: 1_000, message })).join(""),
  );
  vi.setSystemTime(2_001);
  frame.writeLines(Buffer.from("three\n"));
  expect(written()).toBe(encode(jsonEncoder, { ...record, time: 2_001, message: "three" }));
  const encoder = consoleEncoder(false);
  logger.configure({ level: "info", encoder });
  frame.writeLines(Buffer.from('"four"\n'));
  expect(written()).toBe(encode(encoder, { ...record, time: 2_001, message: '"four"' }));
  logger.configure({ level: "warn", encoder });
  frame.write("five");
  expect(frame.writeLines(Buffer.from("six\n"))).toBe(4);
  expect(written()).toBe("");
});

it("takes no lines at once for a log that takes none", () => {
  const frame = open({ atOnce: false }).frame("info", fields);
  expect(frame.writeLines(Buffer.from("one\n"))).toBe(0);
  frame.write("one");
  expect(written()).toBe(encode(jsonEncoder, { ...record, time: 1_000, message: "one" }));
});
