import { describe, expect, it } from "vitest";
import { consoleEncoder, encodeJson, type PartsEncoder } from "../../../src/logging/encoders.ts";
import { LineFramer } from "../../../src/logging/line-framer.ts";

const record = { time: 1_000, level: "info", logger: "it", fields: { pid: 1 } } as const;
const encoded = (encoder: PartsEncoder, message: string) => encoder({ ...record, message });
const frameOf = (encoder: PartsEncoder) => {
  const { head, tail } = encoder.around(record);
  const objectTail = { before: Buffer.from("<"), behind: Buffer.from(">\n") };
  return { encoder, head: Buffer.from(head), tail: Buffer.from(tail), objectTail };
};
const framer = new LineFramer();

describe.each([
  ["JSON", encodeJson],
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
      const records = framer.records(Buffer.from(`${lines.join("\n")}\n`), frame, false);
      expect(records?.toString()).toBe(lines.map((line) => encoded(encoder, line)).join(""));
    }
  });

  it("takes a return before the end of a line for a part of it, and no other", () => {
    const records = framer.records(Buffer.from("a\r\nb\r\r\n\r\nc\rd\n"), frame, false);
    expect(records?.toString()).toBe(["a", "b\r", "", "c\rd"].map((line) => encoded(encoder, line)).join(""));
  });

  it("keeps what is not ASCII", () => {
    const text = "äöü € 😀 \u2028\ufffd\ufeff";
    expect(framer.records(Buffer.from(`${text}\n`), frame, false)?.toString()).toBe(encoded(encoder, text));
  });
});

const frame = frameOf(encodeJson);

const unsure = '{"msg":"\\u0068i"}';

it("stops before an object that needs a closer look, where objects are looked for", () => {
  const lines = Buffer.from(`one\n${unsure}\n{three\n`);
  expect(framer.records(lines, frame, true)?.toString()).toBe(encoded(encodeJson, "one"));
  expect(framer.taken).toBe("one\n".length);
  expect(framer.records(lines, frame, true, "one\n".length)).toHaveLength(0);
  expect(framer.taken).toBe(0);
  const behind = `one\n${unsure}\n`.length;
  expect(framer.records(lines, frame, true, behind)?.toString()).toBe(encoded(encodeJson, "{three"));
  expect(framer.taken).toBe("{three\n".length);
  const texts = ["one", unsure, "{three"].map((line) => encoded(encodeJson, line)).join("");
  expect(framer.records(lines, frame, false)?.toString()).toBe(texts);
});

it("stops before every object where an encoder cannot keep JSON", () => {
  const without = { ...frame, objectTail: undefined };
  expect(framer.records(Buffer.from("{}\n"), without, true)).toHaveLength(0);
  expect(framer.records(Buffer.from("{one\n"), without, true)?.toString()).toBe(encoded(encodeJson, "{one"));
});

describe("an object", () => {
  /** The message and the object of its record, no object for a text; undefined when the line is left to a closer look. */
  const read = (line: string) => {
    const record = framer.records(Buffer.from(`${line}\nnext\n`), frame, true)?.toString() ?? "";
    if (framer.taken === 0) return undefined;
    expect(framer.taken).toBe(Buffer.byteLength(`${line}\nnext\n`));
    if (record.startsWith(encoded(encodeJson, line))) return { said: line, object: undefined };
    const end = record.indexOf(">\n");
    expect(record.slice(end + 2)).toBe(encoded(encodeJson, "next"));
    const [said = "", object] = record.slice(frame.head.length, end).split(/<(.*)/s);
    return { said, object };
  };

  it.each([
    ['{"msg":"hi"}', "hi"],
    ['{"message":"hi"}', "hi"],
    ['{"message":"no","msg":"hi"}', "hi"],
    ['{"msg":1,"message":"hi"}', "hi"],
    ['{"msg":"no","msg":"hi"}', "hi"],
    ['{"msg":"no","msg":null,"message":"no","message":{"msg":"no"}}', ""],
    ['{"msg":"","message":"no"}', ""],
    ['{"msgs":"no","mess":"no","a":{"msg":"no"},"b":["no"]}', ""],
    ['{"msg":["no"],"x":"no"}', ""],
    ['{"msg":"grüße €","a":"\\u00e4\\n\\"\\/"}', "grüße €"],
    ['{"msg":"\\"a\\\\b\\n\\""}', '\\"a\\\\b\\n\\"'],
    ['{"m\\nsg":"no","ms\\\\g":"no","msg\\"":"no"}', ""],
    ['{"msg":"\\b\\f\\n\\r\\t"}', "\\b\\f\\n\\r\\t"],
    ["{}", ""],
  ])("%s says %j", (line, said) => {
    expect(read(line)).toEqual({ said, object: line });
  });

  it("is kept as it was written, without what stands behind it", () => {
    expect(read('{ "a" : 1.0 ,\t"b":[ ] } \r')).toEqual({ said: "", object: '{ "a" : 1.0 ,\t"b":[ ] }' });
  });

  it.each([
    '{"m\\u0073g":"hi"}',
    '{"msg":"h\\u0069"}',
    '{"msg":"a\\/b"}',
    `${'{"a":'.repeat(101)}1${"}".repeat(101)}`,
  ])("%s needs a closer look", (line) => {
    expect(read(line)).toBeUndefined();
  });

  it("is taken whole or not at all when memory is nearly full", () => {
    const small = "{}\n";
    framer.records(Buffer.from(small.repeat(20_000)), frame, true);
    const most = framer.taken / small.length;
    expect(most).toBeLessThan(20_000);
    const large = `{"msg":"${"x".repeat(15_000)}"}\n`;
    framer.records(Buffer.from(small.repeat(most - 100) + large), frame, true);
    expect(framer.taken).toBe((most - 100) * small.length);
  });

  it("is what JSON.parse takes for one", () => {
    const values = [
      "1",
      "0",
      "-0",
      "01",
      "-",
      "1.",
      ".5",
      "1.5e+3",
      "1e",
      "1E-7",
      "+1",
      "true",
      "tru",
      "truex",
      "null",
      "nul",
      "false",
      "fals",
      "[]",
      "[1,]",
      "[,]",
      "[1 2]",
      "{",
      "{}",
      '{"a"}',
      '{"a":}',
      '{"a":1,}',
      '{"a":1]',
      "{a:1}",
      '"\\x"',
      '"\\b\\f\\n\\r\\t\\/\\"\\\\"',
      '"\\u12g4"',
      '"\\uD800"',
      '"\t"',
      '"',
      "NaN",
      "'a'",
      "\v1",
      "1 1",
      "[[[[]]]]",
      '{"a":{"b":[{}]}}',
      "\ufeff1",
      '"\x7f"',
      "",
      "//",
    ];
    for (const value of values) {
      const line = `{"x":${value}}`;
      const isObject = () => {
        try {
          return JSON.parse(line) !== undefined;
        } catch {
          return false;
        }
      };
      expect(read(line)).toEqual(isObject() ? { said: "", object: line } : { said: line, object: undefined });
    }
    for (const line of ["{", "{}}", "{} x", "{},", '{"a":1}{"b":2}', '{"a":1'])
      expect(read(line)).toEqual({ said: line, object: undefined });
  });
});

it("takes whole lines only, as many as its memory holds", () => {
  const lines = Buffer.from("\n".repeat(64 * 1024));
  const records = framer.records(lines, frame, false);
  const { taken } = framer;
  expect(taken).toBeGreaterThan(1_000);
  expect(taken).toBeLessThan(lines.length);
  expect(records?.toString()).toBe(encoded(encodeJson, "").repeat(taken));
});

it("has room for the longest line in the largest frame, each byte of it six times as long", () => {
  const longest = "\0".repeat(64 * 1024 - 1);
  const large = { ...frame, head: Buffer.alloc(12 * 1024, "h"), tail: Buffer.alloc(12 * 1024, "t") };
  const records = framer.records(Buffer.from(`${longest}\n`), large, false);
  expect(records?.toString() === large.head + encodeJson.message(longest) + large.tail).toBe(true);
});

it("refuses a frame that is larger than its memory, and is of use afterwards", () => {
  const large = { ...frame, tail: Buffer.alloc(64 * 1024, "x") };
  expect(framer.records(Buffer.from("line\n"), large, false)).toBeUndefined();
  expect(framer.records(Buffer.from("line\n"), frame, false)?.toString()).toBe(encoded(encodeJson, "line"));
});
