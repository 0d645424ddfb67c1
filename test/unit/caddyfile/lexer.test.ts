import { describe, expect, it } from "vitest";
import { tokenize } from "../../../src/caddyfile/index.ts";

const texts = (text: string): string[] => tokenize(text, "Caddyfile").map((token) => token.text);
const lines = (text: string): number[] => tokenize(text, "Caddyfile").map((token) => token.line);

describe("escapes", () => {
  it.each<[string, string[]]>([
    ["a\\b", ["a\\b"]],
    ["a\\\\b", ["a\\\\b"]],
    ["a\\ b", ["a", "b"]],
    ["\\ b", ["\\b"]],
    ["a\\", ["a"]],
    ['"a\\"b"', ['a"b']],
    ['"a\\nb"', ["a\\nb"]],
    ['\\"a b"', ["\\a b"]],
    ["`a\\`", ["a\\"]],
    ["\\<<E x", ["<<E", "x"]],
    ["a\\<b", ["a<b"]],
  ])("%j", (text, expected) => {
    expect(texts(text)).toEqual(expected);
  });
});

describe("separators", () => {
  it.each(["\u0085", "\u00a0", "\u1680", "\u2003", "\u2028", "\u3000", "\v", "\f"])(
    "%j ends a word",
    (space) => {
      expect(texts(`a${space}b`)).toEqual(["a", "b"]);
    },
  );
  it.each(["\u200b", "\ufeff", "\u180e", "\0"])("%j does not", (letter) => {
    expect(texts(`a${letter}b`)).toEqual([`a${letter}b`]);
  });
  it("drops a byte order mark and every CR outside quotes", () => {
    expect(texts('\ufeffa\rb "c\rd"')).toEqual(["ab", "c\rd"]);
  });
});

describe("lines", () => {
  it("counts a continued line with the next one", () => {
    expect(lines("a \\\n b\nc")).toEqual([1, 1, 3]);
  });
  it("joins a line to a comment that contains a backslash, as Caddy does", () => {
    expect(lines("a # C:\\x\nb\nc")).toEqual([1, 1, 3]);
  });
  it("counts line feeds in quotes and heredocs", () => {
    expect(lines('"a\n" `\n` b <<E\n x\n E c')).toEqual([1, 2, 3, 3, 5]);
  });
});

it("takes a heredoc's end wherever the marker stands", () => {
  expect(texts("<<END\n the END of it")).toEqual(["", "of", "it"]);
});

it("refuses an empty text, as Caddy does", () => {
  expect(() => tokenize("", "Caddyfile")).toThrow(/^EOF$/);
});

it("places the error of a heredoc at its opening", () => {
  expect(() => tokenize("a\n  b <<E!\n", "Caddyfile")).toThrow(
    expect.objectContaining({ place: { file: "Caddyfile", line: 2, column: 5 } }),
  );
});
