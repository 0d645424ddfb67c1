import { expect, it } from "vitest";
import { consoleEncoder, encodeJson, type LogRecord } from "../../../src/logging/encoders.ts";
import { Logger } from "../../../src/logging/logger.ts";

const record: LogRecord = {
  time: Date.UTC(2026, 10, 23, 4, 59, 46, 358),
  level: "info",
  logger: "supervisor",
  message: "process started",
  fields: { command: ["sleep", "4591"], replica: 0, pid: 18744, nested: { a: 1, none: undefined } },
};

it("JSON: Caddy's keys in Caddy's order, no HTML escapes", () => {
  expect(encodeJson(record)).toBe(
    '{"level":"info","ts":1795409986.358,"logger":"supervisor","msg":"process started","command":["sleep","4591"],"replica":0,"pid":18744,"nested":{"a":1}}\n',
  );
  expect(encodeJson({ ...record, logger: "", message: "<&>", fields: {} })).toBe(
    '{"level":"info","ts":1795409986.358,"msg":"<&>"}\n',
  );
});

it("console: tabs, UTC, fields with spaces, colours on demand", () => {
  expect(consoleEncoder(false)(record)).toBe(
    '2026/11/23 04:59:46.358\tINFO\tsupervisor\tprocess started\t{"command": ["sleep", "4591"], "replica": 0, "pid": 18744, "nested": {"a": 1}}\n',
  );
  expect(consoleEncoder(true)({ ...record, level: "warn", logger: "", fields: {} })).toBe(
    "2026/11/23 04:59:46.358\t\x1b[33mWARN\x1b[0m\tprocess started\n",
  );
});

it("a logger leaves out what is below its level, also when that changes later", () => {
  const lines: string[] = [];
  const encoder = ({ logger, level, message }: LogRecord) => `${logger} ${level} ${message}`;
  const root = Logger.to((line) => lines.push(line), { level: "info", encoder });
  const named = root.named("supervisor").named("caddy");
  named.log("debug", "one");
  named.log("info", "two");
  root.configure({ level: "error", encoder });
  named.log("warn", "three");
  root.log("error", "four");
  expect(lines).toEqual(["supervisor.caddy info two", " error four"]);
});
