import { GoError } from "../values/index.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const groupSize = 8;

/** Go's base32.StdEncoding.EncodeToString. */
export function encodeBase32(bytes: string): string {
  let bits = "";
  for (const byte of bytes) bits += byte.charCodeAt(0).toString(2).padStart(8, "0");
  const digits = (bits.match(/.{1,5}/g) ?? [])
    .map((group) => alphabet[Number.parseInt(group.padEnd(5, "0"), 2)])
    .join("");
  return digits.padEnd(Math.ceil(digits.length / groupSize) * groupSize, "=");
}

function corrupt(at: number): GoError {
  return new GoError(`illegal base32 data at input byte ${at}`);
}

/** Checks the padding from byte `at` on, after `digits` digits of a group of eight. */
function checkPadding(text: string, at: number, digits: number): void {
  const missing = groupSize - 1 - digits;
  const after = text.slice(at + 1);
  if (after.length < missing) throw corrupt(text.length);
  const wrong = [...after.slice(0, missing)].findIndex((byte) => byte !== "=");
  if (wrong >= 0) throw corrupt(at + wrong);
  // 1, 3 or 6 digits are no whole number of bytes.
  if (digits === 3 || digits === 6) throw corrupt(at);
}

/**
 * Go's base32.StdEncoding.DecodeString: upper case only, padding is needed, line ends are skipped.
 * @throws GoError with the place of the first wrong byte, line ends not counted
 */
export function decodeBase32(encoded: string): string {
  const text = encoded.replaceAll(/[\r\n]/g, "");
  let bits = "";
  let count = 0;
  for (const [at, byte] of [...text].entries()) {
    const inGroup = count % groupSize;
    const left = text.length - at - 1;
    if (byte === "=" && inGroup >= 2 && left < groupSize) {
      checkPadding(text, at, inGroup);
      return bytesOfBits(bits);
    }
    const digit = alphabet.indexOf(byte);
    if (digit < 0) throw corrupt(at);
    bits += digit.toString(2).padStart(5, "0");
    count++;
  }
  if (count % groupSize !== 0) throw corrupt(text.length - (count % groupSize));
  return bytesOfBits(bits);
}

function bytesOfBits(bits: string): string {
  return (bits.match(/.{8}/g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 2))).join("");
}
