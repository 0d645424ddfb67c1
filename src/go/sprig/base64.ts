import { GoError } from "../values/index.ts";

const isNewLine = (byte: string | undefined) => byte === "\n" || byte === "\r";
const isDigit = (byte: string) => /[A-Za-z0-9+/]/.test(byte);

function corrupt(at: number): GoError {
  return new GoError(`illegal base64 data at input byte ${at}`);
}

/** Checks the padding that starts at `at`, after `digits` digits of a group of four. */
function checkPadding(text: string, at: number, digits: number): void {
  if (digits < 2) throw corrupt(at);
  let next = at + 1;
  const skipNewLines = () => {
    while (isNewLine(text[next])) next++;
  };
  if (digits === 2) {
    skipNewLines();
    if (next === text.length) throw corrupt(text.length);
    if (text[next] !== "=") throw corrupt(next - 1);
    next++;
  }
  skipNewLines();
  if (next < text.length) throw corrupt(next);
}

/**
 * Go's base64.StdEncoding.DecodeString: padding is needed, line ends are skipped.
 * @throws GoError with the place of the first wrong byte
 */
export function decodeBase64(text: string): string {
  let digits = "";
  for (const [at, byte] of [...text].entries()) {
    if (isDigit(byte)) digits += byte;
    else if (byte === "=") {
      checkPadding(text, at, digits.length % 4);
      return Buffer.from(digits, "base64").toString("latin1");
    } else if (!isNewLine(byte)) throw corrupt(at);
  }
  // A group begun and not ended is reported where its digits would have started had they been in a row.
  if (digits.length % 4 !== 0) throw corrupt(text.length - (digits.length % 4));
  return Buffer.from(digits, "base64").toString("latin1");
}

/** Go's base64.StdEncoding.EncodeToString. */
export function encodeBase64(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("base64");
}
