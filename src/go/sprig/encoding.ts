import { GoError, type GoFunctionEntry } from "../values/index.ts";
import { decodeBase32, encodeBase32 } from "./base32.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { entry } from "./entry.ts";
import { nodeCrypto } from "./lazy.ts";

/** The result, or the text of the error in its place: sprig's way with text that does not decode. */
function resultOrComplaint(compute: () => string): string {
  try {
    return compute();
  } catch (error) {
    if (error instanceof GoError) return error.message;
    throw error;
  }
}

function digest(algorithm: "sha1" | "sha256" | "sha512", bytes: string): string {
  return nodeCrypto().createHash(algorithm).update(bytes, "latin1").digest("hex");
}

/** Go's hash/adler32 */
function adler32(bytes: string): number {
  const modulus = 65_521;
  let sum = 1;
  let sumOfSums = 0;
  for (const byte of bytes) {
    sum = (sum + byte.charCodeAt(0)) % modulus;
    sumOfSums = (sumOfSums + sum) % modulus;
  }
  return sumOfSums * 65_536 + sum;
}

/** Encodings and checksums (sprig strings.go, crypto.go). */
export const encodingFunctions: readonly GoFunctionEntry[] = [
  entry("adler32sum", "func(string) string", ([text]) => String(adler32(text))),
  entry("b32dec", "func(string) string", ([text]) => resultOrComplaint(() => decodeBase32(text))),
  entry("b32enc", "func(string) string", ([text]) => encodeBase32(text)),
  entry("b64dec", "func(string) string", ([text]) => resultOrComplaint(() => decodeBase64(text))),
  entry("b64enc", "func(string) string", ([text]) => encodeBase64(text)),
  entry("sha1sum", "func(string) string", ([text]) => digest("sha1", text)),
  entry("sha256sum", "func(string) string", ([text]) => digest("sha256", text)),
  entry("sha512sum", "func(string) string", ([text]) => digest("sha512", text)),
];
