import bcryptjs from "bcryptjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { call, callBytes, callValue } from "./call.ts";

const byteString = fc
  .uint8Array({ minLength: 1, maxLength: 70 })
  .map((bytes) => Buffer.from(bytes).toString("latin1"));

describe("AES", () => {
  it("round trips any bytes under any password", () => {
    fc.assert(
      fc.property(byteString, byteString, (password, text) => {
        const encrypted = callBytes("encryptAES", password, text);
        expect(callBytes("decryptAES", password, encrypted)).toBe(text);
      }),
    );
  });

  it("never encrypts alike twice", () => {
    expect(call("encryptAES", "k", "x")).not.toBe(call("encryptAES", "k", "x"));
    expect(call("encryptAES", "k", "")).toBe("");
  });

  it.each([
    ["notbase64!", "illegal base64 data at input byte 9"],
    ["YWJj", "runtime error: slice bounds out of range [:16] with capacity 3"],
    [Buffer.alloc(16).toString("base64"), "runtime error: index out of range [-1]"],
    [Buffer.alloc(17).toString("base64"), "crypto/cipher: input not full blocks"],
  ])("refuses %s", (text, message) => expect(() => call("decryptAES", "k", text)).toThrow(message));

  it("counts the room that line ends make in Go's buffer", () => {
    const text = `${Buffer.alloc(14).toString("base64")}\n\n\n\n`;
    expect(() => call("decryptAES", "k", text)).toThrow("runtime error: slice bounds out of range [16:14]");
  });
});

describe("passwords", () => {
  it("hash as Apache reads them", () => {
    const hash = call("bcrypt", "s3cret é");
    expect(hash).toMatch(/^\$2a\$10\$[./A-Za-z0-9]{53}$/);
    expect(bcryptjs.compareSync("s3cret é", hash)).toBe(true);
    expect(call("htpasswd", "bob", "x")).toMatch(/^bob:\$2a\$10\$/);
    expect(call("htpasswd", "b:ob", "x")).toBe("invalid username: b:ob");
    expect(call("bcrypt", "x".repeat(73))).toBe(
      "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes",
    );
  });

  it.each([
    ["long", "ZedaFaxcZaso9*"],
    ["maximum", "pf4zS1LjCg&LjhsZ7T2~"],
    ["medium", "ZedJuz8$"],
    ["basic", "pIS54PLs"],
    ["short", "Zed5"],
    ["pin", "6685"],
  ])("derivePassword %s", (type, expected) => {
    const counter = callValue("int", 1);
    expect(call("derivePassword", counter, type, "password", "user", "example.com")).toBe(expected);
  });

  it("knows no other kinds", () =>
    expect(call("derivePassword", 1, "huge", "p", "u", "s")).toBe("cannot find password template huge"));
});
