import { GoError } from "../values/index.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { nodeCrypto } from "./lazy.ts";
import { sliceBytes } from "./slicing.ts";

const algorithm = "aes-256-cbc";
const blockSize = 16;

/** The password cut or filled with zeros to a key (sprig crypto.go). */
function keyOf(password: string): Buffer {
  const key = Buffer.alloc(32);
  key.write(password, "latin1");
  return key;
}

/** sprig's encryptAES: a random vector, then the text with PKCS #7 padding, all in base64. */
export function encryptAes(password: string, text: string): string {
  if (text === "") return "";
  const vector = nodeCrypto().randomBytes(blockSize);
  const cipher = nodeCrypto().createCipheriv(algorithm, keyOf(password), vector);
  const parts = [vector, cipher.update(text, "latin1"), cipher.final()];
  return encodeBase64(Buffer.concat(parts).toString("latin1"));
}

/**
 * sprig's decryptAES. The padding's length is believed, whatever it is.
 * @throws GoError for text that is no base64 or too short, with the words of Go's panics
 */
export function decryptAes(password: string, encoded: string): string {
  if (encoded === "") return "";
  const bytes = decodeBase64(encoded);
  // The buffer that Go decodes into has room for what padding stands for.
  const capacity = Math.floor(encoded.length / 4) * 3;
  if (capacity < blockSize)
    throw new GoError(`runtime error: slice bounds out of range [:${blockSize}] with capacity ${capacity}`);
  const encrypted = sliceBytes(bytes, blockSize);
  if (encrypted.length % blockSize !== 0) throw new GoError("crypto/cipher: input not full blocks");
  if (encrypted === "") throw new GoError("runtime error: index out of range [-1]");
  const vector = Buffer.from(bytes.slice(0, blockSize), "latin1");
  const decipher = nodeCrypto().createDecipheriv(algorithm, keyOf(password), vector).setAutoPadding(false);
  const padded = decipher.update(encrypted, "latin1", "latin1") + decipher.final("latin1");
  return sliceBytes(padded, undefined, padded.length - padded.charCodeAt(padded.length - 1));
}
