import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { consoleEncoder, encodeJson } from "../../../src/logging/encoders.ts";
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
  const logger = Logger.to((line) => parts.push(line), { level: "info", encoder: encodeJson }, room);
  const oneByOne = Logger.to((line) => parts.push(line), { level: "info", encoder: encodeJson });
  return settings.atOnce ? logger : oneByOne;
};
const text = (message: string) => ({ message, object: undefined });
const fields = { pid: 7 };
const written = () => parts.splice(0).join("");
const record = { level: "info", logger: "", fields } as const;

it("tells the time of each record, and takes on other settings at once", () => {
  const logger = open({ atOnce: true });
  const frame = logger.frame("info", fields);
  frame.write(text("one"));
  expect(frame.writeLines(Buffer.from("two\n"), true)).toBe(4);
  expect(written()).toBe(
    ["one", "two"].map((message) => encodeJson({ ...record, time: 1_000, message })).join(""),
  );
  vi.setSystemTime(2_001);
  frame.writeLines(Buffer.from("three\n"), true);
  expect(written()).toBe(encodeJson({ ...record, time: 2_001, message: "three" }));
  const encoder = consoleEncoder(false);
  logger.configure({ level: "info", encoder });
  frame.writeLines(Buffer.from('"four"\n'), true);
  expect(written()).toBe(encoder({ ...record, time: 2_001, message: '"four"' }));
  logger.configure({ level: "warn", encoder });
  frame.write(text("five"));
  expect(frame.writeLines(Buffer.from("six\n"), true)).toBe(4);
  expect(written()).toBe("");
});

it("gives an object that a process wrote a key of its own", () => {
  const logger = open({ atOnce: true });
  const frame = logger.frame("info", fields);
  const object = '{ "msg":"hi", "n":1.50 }';
  const head = '{"level":"info","ts":1,"msg":"hi","pid":7,"log":';
  frame.write({ message: "hi", object });
  expect(written()).toBe(`${head}${object}}\n`);
  frame.writeLines(Buffer.from(`${object} \r\n`), true);
  expect(written()).toBe(`${head}${object}}\n`);
  expect(frame.writeLines(Buffer.from('{"msg":"h\\u0069"}\n'), true)).toBe(0);
  logger.configure({ level: "info", encoder: consoleEncoder(false) });
  expect(frame.writeLines(Buffer.from(`${object}\n`), true)).toBe(0);
  parts = [];
  frame.write({ message: "hi", object });
  expect(written()).toBe('1970/01/01 00:00:01.000\tINFO\thi\t{"pid": 7, "log": {"msg": "hi", "n": 1.5}}\n');
});

it("asks an encoder that knows no parts for whole records", () => {
  const logger = open({ atOnce: true });
  logger.configure({ level: "info", encoder: (all) => `${JSON.stringify(all)}\n` });
  const frame = logger.frame("info", fields);
  expect(frame.writeLines(Buffer.from("one\n"), true)).toBe(0);
  frame.write({ message: "hi", object: '{"n":1.0}' });
  expect(JSON.parse(written())).toEqual({
    ...record,
    time: 1_000,
    message: "hi",
    fields: { ...fields, log: { n: 1 } },
  });
});

it("takes no lines at once for a log that takes none", () => {
  const frame = open({ atOnce: false }).frame("info", fields);
  expect(frame.writeLines(Buffer.from("one\n"), true)).toBe(0);
  frame.write(text("one"));
  expect(written()).toBe(encodeJson({ ...record, time: 1_000, message: "one" }));
});
