import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { longestLine } from "../../../src/output/consumer.ts";
import { readLine } from "../../../src/output/line-record.ts";
import { LineSplitter } from "../../../src/output/line-splitter.ts";
import { outdated, rolledName } from "../../../src/output/rolled-names.ts";

describe("LineSplitter", () => {
  it("gives the same lines however the text is cut into chunks", () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[^\n]{0,20}$/)),
        fc.infiniteStream(fc.nat(9)),
        (lines, cuts) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
          const seen: string[] = [];
          const splitter = new LineSplitter((line) => seen.push(line.toString()));
          for (let at = 0; at < bytes.length; ) {
            const length = (cuts.next().value as number) + 1;
            splitter.take(bytes.subarray(at, at + length));
            at += length;
          }
          splitter.flush();
          expect(seen).toEqual(lines);
        },
      ),
    );
  });

  it("takes what is not ended for a line at the end, and nothing for none", () => {
    const seen: string[] = [];
    const splitter = new LineSplitter((line) => seen.push(line.toString()));
    splitter.take(Buffer.from("a\nb"));
    splitter.flush();
    splitter.flush();
    expect(seen).toEqual(["a", "b"]);
  });

  it("gives a line that is too long in parts, and keeps no more than one", () => {
    const seen: number[] = [];
    const splitter = new LineSplitter((line) => seen.push(line.length));
    splitter.take(Buffer.alloc(2 * longestLine + 10, "x"));
    splitter.take(Buffer.from("\n"));
    expect(seen).toEqual([longestLine, longestLine, 10]);
  });
});

describe("readLine", () => {
  it.each([
    ["plain", "auto", "plain", undefined],
    ["with a return\r", "auto", "with a return", undefined],
    ['{"level":"fatal","msg":"hi","pid":1}', "auto", "hi", '{"level":"fatal","msg":"hi","pid":1}'],
    ['{ "message": "h\\u0069" } \r', "json", "hi", '{ "message": "h\\u0069" }'],
    ['{"a":1.0}', "json", "", '{"a":1.0}'],
    ['{"a":1}', "raw", '{"a":1}', undefined],
    ["{half", "json", "{half", undefined],
    ["[1]", "json", "[1]", undefined],
    [`{"a":"\\"${"[".repeat(200)}"}`, "auto", "", expect.stringContaining("[[[")],
    [`{"a":${"[".repeat(30_000)}${"]".repeat(30_000)}}`, "auto", expect.stringContaining("[[["), undefined],
  ] as const)("%j as %s", (line, format, message, object) => {
    expect(readLine(Buffer.from(line), format)).toEqual({ message, object });
  });
});

describe("rolled files", () => {
  it("have Caddy's names", () => {
    const time = Date.UTC(2026, 0, 2, 15, 4, 5, 6);
    expect(rolledName("/v/app.log", time)).toBe("/v/app-2026-01-02T15-04-05.006.log");
    expect(rolledName("/v/app", time)).toBe("/v/app-2026-01-02T15-04-05.006");
  });

  it("go when there are too many, or when they are too old", () => {
    const files = [9, 8, 7, 1].map((time) => ({ path: String(time), time, isCompressed: false }));
    const gone = (keep: number, keepFor: number) =>
      outdated(files, { keep, keepFor }, 10).map(({ path }) => path);
    expect(gone(2, 0)).toEqual(["7", "1"]);
    expect(gone(0, 5)).toEqual(["1"]);
    expect(gone(0, 0)).toEqual([]);
  });
});
