import { describe, expect, it } from "vitest";
import { consoleEncoder, type Encoder, encode, jsonEncoder } from "../../../src/logging/encoders.ts";
import { LineFramer } from "../../../src/logging/line-framer.ts";

const record = { time: 1_000, level: "info", logger: "it", fields: { pid: 1 } } as const;
const encoded = (encoder: Encoder, message: string) => encode(encoder, { ...record, message });
const frameOf = (encoder: Encoder) => {
  const { head, tail } = encoder.around(record);
  return { encoder, head: Buffer.from(head), tail: Buffer.from(tail) };
};
const framer = new LineFramer();

describe.each([
  ["JSON", jsonEncoder],
  ["console", consoleEncoder(true)],
] as const)("%s", (_, encoder) => {
  const frame = frameOf(encoder);

  it("encodes every byte as the encoder does, wherever it stands", () => {
    // At every place of a step, and around its edges.
    for (let byte = 0; byte < 128; byte++) {
      if (byte === 0x0a) continue;
      const lines: string[] = [];
      for (let length = 0; length < 35; length++)
        lines.push(
          `${"x".repeat(length)}${String.fromCharCode(byte)}${"y".repeat(byte === 0x0d ? 1 : length % 3)}`,
        );
      const records = framer.records(Buffer.from(`${lines.join("\n")}\n`), frame);
      expect(records?.toString()).toBe(lines.map((line) => encoded(encoder, line)).join(""));
    }
  });

  it("takes a return before the end of a line for a part of it, and no other", () => {
    const records = framer.records(Buffer.from("a\r\nb\r\r\n\r\nc\rd\n"), frame);
    expect(records?.toString()).toBe(["a", "b\r", "", "c\rd"].map((line) => encoded(encoder, line)).join(""));
  });

  it("keeps what is not ASCII", () => {
    const text = "äöü € 😀 \u2028\ufffd\ufeff";
    expect(framer.records(Buffer.from(`${text}\n`), frame)?.toString()).toBe(encoded(encoder, text));
  });
});

const frame = frameOf(jsonEncoder);

it("stops before a line that begins with the byte that stands apart", () => {
  const lines = Buffer.from("one\n{two\nthree\n");
  expect(framer.records(lines, frame, 0x7b)?.toString()).toBe(encoded(jsonEncoder, "one"));
  expect(framer.taken).toBe("one\n".length);
  expect(framer.records(lines.subarray(4), frame, 0x7b)).toHaveLength(0);
  expect(framer.taken).toBe(0);
});

it("takes whole lines only, as many as its memory holds", () => {
  const lines = Buffer.from("\n".repeat(64 * 1024));
  const records = framer.records(lines, frame);
  const { taken } = framer;
  expect(taken).toBeGreaterThan(1_000);
  expect(taken).toBeLessThan(lines.length);
  expect(records?.toString()).toBe(encoded(jsonEncoder, "").repeat(taken));
});

it("has room for the longest line in the largest frame, each byte of it six times as long", () => {
  const longest = "\0".repeat(64 * 1024 - 1);
  const large = { ...frame, head: Buffer.alloc(16 * 1024, "h"), tail: Buffer.alloc(16 * 1024, "t") };
  const records = framer.records(Buffer.from(`${longest}\n`), large);
  expect(records?.toString() === large.head + jsonEncoder.message(longest) + large.tail).toBe(true);
});

it("refuses a frame that is larger than its memory, and is of use afterwards", () => {
  const large = { ...frame, tail: Buffer.alloc(64 * 1024, "x") };
  expect(framer.records(Buffer.from("line\n"), large)).toBeUndefined();
  expect(framer.records(Buffer.from("line\n"), frame)?.toString()).toBe(encoded(jsonEncoder, "line"));
});
