import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { call, callBytes } from "./call.ts";

const byteString = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString("latin1"));

describe("base64 and base32", () => {
  it("round trip any bytes", () => {
    fc.assert(
      fc.property(byteString, (bytes) => {
        expect(callBytes("b64dec", callBytes("b64enc", bytes))).toBe(bytes);
        expect(callBytes("b32dec", callBytes("b32enc", bytes))).toBe(bytes);
        expect(callBytes("b64enc", bytes)).toBe(Buffer.from(bytes, "latin1").toString("base64"));
      }),
    );
  });

  it.each([
    ["aGVsbG8", 4],
    ["!!!", 0],
    ["aa=", 3],
    ["aa=a", 2],
    ["a===", 1],
    ["aaa=a", 4],
    ["aaaa=", 4],
    ["aGVs bG8=", 4],
  ])("b64dec %s fails at byte %d", (text, at) =>
    expect(call("b64dec", text)).toBe(`illegal base64 data at input byte ${at}`),
  );

  it.each([
    ["nbswy3dp", 0],
    ["1", 0],
    ["ME==", 4],
    ["M=======", 1],
    ["MEE=====", 3],
    ["ME====M=", 5],
    ["NBSWY3D", 0],
    ["NB\nSWY3D1", 7],
  ])("b32dec %j fails at byte %d", (text, at) =>
    expect(call("b32dec", text)).toBe(`illegal base32 data at input byte ${at}`),
  );

  it("skips line ends", () => {
    expect(call("b64dec", "aGVs\r\nbG8=\n")).toBe("hello");
    expect(call("b32dec", "NBSW\nY3DP")).toBe("hello");
  });
});

describe("checksums", () => {
  it("are those of the bytes", () => {
    expect(call("sha1sum", "日本")).toBe("44da6bbcf285cdb317aa91174217990d1b94d64d");
    expect(call("sha256sum", "")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(call("sha512sum", "abc")).toMatch(/^ddaf35a193617abacc417349ae204131/);
    expect(call("adler32sum", "Wikipedia")).toBe("300286872");
  });
});
