import { boundBytes, GoError, type GoFunctionEntry, int } from "../values/index.ts";
import { encodeBase64 } from "./base64.ts";
import { onText } from "./byte-strings.ts";
import { entry } from "./entry.ts";
import { nodeCrypto } from "./lazy.ts";

function characters(from: string, to: string): string {
  const [first, last] = [from.charCodeAt(0), to.charCodeAt(0)];
  return Array.from({ length: last - first + 1 }, (_, index) => String.fromCharCode(first + index)).join("");
}

const digits = characters("0", "9");
const letters = characters("A", "Z") + characters("a", "z");
const printable = characters(" ", "~");

/** So many characters of an alphabet; none for a negative count, whose error sprig drops (goutils.CryptoRandom). */
function randomText(count: bigint, alphabet: string): string {
  boundBytes(count);
  const { randomInt } = nodeCrypto();
  return Array.from({ length: Math.max(Number(count), 0) }, () => alphabet[randomInt(alphabet.length)]).join(
    "",
  );
}

/** A whole number from 0 up to below `limit`, of any size. */
function randomBelow(limit: bigint): bigint {
  // Eight bytes more than needed make the remainder's bias vanish.
  return BigInt(`0x${nodeCrypto().randomBytes(16).toString("hex")}`) % limit;
}

function randomInteger([min, max]: [bigint, bigint]): bigint {
  const span = int(max - min);
  if (span <= 0n) throw new GoError("invalid argument to Intn");
  return int(randomBelow(span) + min);
}

function randomBytes(count: bigint): string {
  if (count < 0n || count > 2n ** 31n - 1n) throw new GoError("runtime error: makeslice: len out of range");
  boundBytes(count);
  return encodeBase64(nodeCrypto().randomBytes(Number(count)).toString("latin1"));
}

/** xstrings.Shuffle */
function shuffle(text: string): string {
  const shuffled = [...text];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = nodeCrypto().randomInt(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] as string, shuffled[last] as string];
  }
  return shuffled.join("");
}

/** Chance (sprig strings.go, crypto.go, functions.go); here it is always the cryptographic kind. */
export const randomFunctions: readonly GoFunctionEntry[] = [
  entry("randAlpha", "func(int) string", ([count]) => randomText(count, letters)),
  entry("randAlphaNum", "func(int) string", ([count]) => randomText(count, letters + digits)),
  entry("randAscii", "func(int) string", ([count]) => randomText(count, printable)),
  entry("randBytes", "func(int) (string, error)", ([count]) => randomBytes(count)),
  entry("randInt", "func(int, int) int", randomInteger),
  entry("randNumeric", "func(int) string", ([count]) => randomText(count, digits)),
  entry("shuffle", "func(string) string", ([text]) => onText(text, shuffle)),
  entry("uuidv4", "func() string", () => nodeCrypto().randomUUID()),
];
