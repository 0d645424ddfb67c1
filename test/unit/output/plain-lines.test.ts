import { expect, it } from "vitest";
import { arePlain } from "../../../src/output/plain-lines.ts";

const text = Buffer.from(`0123456789 äöü €\n${"x".repeat(50)}\n`);

/** JSON holds them as they are. */
const isSame = (bytes: Buffer) =>
  bytes
    .toString("latin1")
    .split("\n")
    .every((line) => {
      const bytesOfLine = Buffer.from(line, "latin1");
      return Buffer.from(JSON.stringify(bytesOfLine.toString("utf8")).slice(1, -1)).equals(bytesOfLine);
    });

it("knows every byte that JSON does not hold as it is, wherever it stands", () => {
  // At every place in a word, and in what stands before the first and behind the last whole one.
  for (let offset = 0; offset < 5; offset++) {
    for (let length = 0; length < 14; length++) {
      const memory = Buffer.alloc(offset + length, "x");
      const bytes = memory.subarray(offset);
      expect(arePlain(bytes)).toBe(true);
      for (let at = 0; at < length; at++) {
        for (let byte = 0; byte < 256; byte++) {
          bytes[at] = byte;
          if (arePlain(bytes) !== isSame(bytes)) expect({ offset, length, at, byte }).toBe("told apart");
        }
        bytes[at] = 0x78;
      }
    }
  }
});

it("takes UTF-8 for plain, and what is none for not", () => {
  expect(arePlain(text)).toBe(true);
  expect(arePlain(Buffer.concat([text, Buffer.from([0xe2, 0x82])]))).toBe(false);
});
