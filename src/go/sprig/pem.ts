import { GoError } from "../values/index.ts";
import { decodeBase64 } from "./base64.ts";

export interface PemBlock {
  /** What stands after BEGIN: `CERTIFICATE`, `RSA PRIVATE KEY`. */
  readonly type: string;
  readonly bytes: Buffer;
}

const blockPattern =
  /(?:^|\n)-----BEGIN ([^\r\n]*?)-----[ \t]*\r?\n((?:[^\n:]+:[^\n]*\n)*)([^-]*?)-----END ([^\r\n]*?)-----[ \t\r]*(?=\n|$)/g;

/** The first PEM block of a text (Go's pem.Decode); undefined where there is none. */
export function decodePem(text: string): PemBlock | undefined {
  for (const [, type = "", , body = "", endType] of text.matchAll(blockPattern)) {
    if (type !== endType) continue;
    try {
      return { type, bytes: Buffer.from(decodeBase64(body.replaceAll(/[ \t]/g, "")), "latin1") };
    } catch (error) {
      // Go looks on where a block does not decode.
      if (!(error instanceof GoError)) throw error;
    }
  }
  return undefined;
}

/** A block with lines of 64 characters (Go's pem.Encode). */
export function encodePem({ type, bytes }: PemBlock): string {
  const lines = bytes.toString("base64").replaceAll(/.{1,64}/g, "$&\n");
  return `-----BEGIN ${type}-----\n${lines}-----END ${type}-----\n`;
}
