import { expect, it } from "vitest";
import { ByteQueue } from "../../../src/output/byte-queue.ts";

const all = (queue: ByteQueue) => Buffer.concat(queue.front(queue.length)).toString();

it("gives back what was put in, across its pages, whatever is dropped in between", () => {
  const queue = new ByteQueue();
  let expected = Buffer.alloc(0);
  for (let round = 0; round < 2_000; round++) {
    const text = `${round} ${"ä€x".repeat(round % 97)}\n`;
    if (round % 2 === 0) queue.push(Buffer.from(text));
    else queue.pushText(text);
    expected = Buffer.concat([expected, Buffer.from(text)]);
    if (round % 3 !== 0) continue;
    const count = Math.min((round * 31) % 1_500, queue.length);
    queue.drop(count);
    expected = expected.subarray(count);
    expect(queue.length).toBe(expected.length);
    expect(all(queue)).toBe(expected.toString());
  }
});

it("copies: a reader may use its buffer again", () => {
  const queue = new ByteQueue();
  const buffer = Buffer.from("one");
  queue.push(buffer);
  buffer.write("two");
  expect(all(queue)).toBe("one");
});

it("takes a part of a buffer, and a text that is larger than a page", () => {
  const queue = new ByteQueue();
  queue.push(Buffer.from("abcdef"), 2, 4);
  queue.pushText("€".repeat(100_000));
  expect(queue.length).toBe(2 + 300_000);
  expect(all(queue)).toBe(`cd${"€".repeat(100_000)}`);
});

it("finds bytes on either side of a border between pages", () => {
  const queue = new ByteQueue();
  queue.push(Buffer.alloc(70_000, "x"));
  queue.push(Buffer.from("\n"));
  queue.push(Buffer.alloc(70_000, "x"));
  queue.push(Buffer.from("\n"));
  expect(queue.indexOf(0x0a)).toBe(70_000);
  expect(queue.lastIndexOf(0x0a, queue.length)).toBe(140_001);
  expect(queue.lastIndexOf(0x0a, 140_001)).toBe(70_000);
  expect(queue.lastIndexOf(0x0a, 70_000)).toBe(-1);
  queue.drop(69_999);
  expect(queue.indexOf(0x0a)).toBe(1);
  expect([queue.at(0), queue.at(1), queue.at(queue.length)]).toEqual([0x78, 0x0a, undefined]);
  expect(Buffer.concat(queue.front(2, 1)).toString()).toBe("\nx");
});
