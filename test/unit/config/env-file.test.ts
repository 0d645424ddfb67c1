import { describe, expect, it } from "vitest";
import { parseEnvFile } from "../../../src/config/env-file.ts";

const parse = (text: string) => ({ ...parseEnvFile(text, "my.env") });

describe("parseEnvFile", () => {
  it.each([
    ["A=1\nB=2\n", { A: "1", B: "2" }],
    ["\ufeff# comment\r\n\r\nexport A=1 # end\r\n", { A: "1" }],
    ['A="x # y"\nB="two\nlines" rest\n', { A: "x # y", B: "two\nlines" }],
    ["A=\nB=a=b\n", { A: "", B: "a=b" }],
    ["", {}],
  ])("reads %j", (text, variables) => {
    expect(parse(text)).toEqual(variables);
  });

  it.each([
    ["A=1\nnonsense\n", "can't parse line 2; should be in KEY=VALUE format, at my.env:2"],
    ["=1", "can't parse line 1; should be in KEY=VALUE format, at my.env:1"],
    ["A B=1", "can't parse line 1; should be in KEY=VALUE format, at my.env:1"],
    ["A=1\nB=x\0y", "a variable holds a NUL byte, at my.env:2"],
    ['A=1\nB="open\nno end', "the quoted value of B does not end, at my.env:2"],
  ])("refuses %j", (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
