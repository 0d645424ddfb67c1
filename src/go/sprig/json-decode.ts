import { parseFloat64 } from "../strconv/parse-float.ts";
import { quote } from "../strconv/quote.ts";
import {
  decodeUtf8,
  encodeRune,
  encodeUtf8,
  GoError,
  type GoValue,
  listOfAny,
  mapStringAny,
} from "../values/index.ts";
import { appended } from "./capacity.ts";
import { quotedCharacter } from "./json-text.ts";

/** encoding/json's limit of lists in lists. */
const maximumDepth = 10_000;

const literals: Readonly<Record<string, { readonly text: string; readonly value: GoValue }>> = {
  t: { text: "true", value: true },
  f: { text: "false", value: false },
  n: { text: "null", value: null },
};

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

export interface DecodedJson {
  readonly value: GoValue;
  /** What could not be held in its Go type; its place in the value is nil. */
  readonly error?: GoError;
}

class Decoder {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #error: GoError | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  decode(): DecodedJson {
    const value = this.#value("looking for beginning of value");
    if (this.#skipSpace()) throw this.#unexpected("after top-level value");
    return this.#error ? { value, error: this.#error } : { value };
  }

  /** Go feeds its scanner a space after the end, so a text that ends inside a word complains of that space. */
  #unexpected(where: string): GoError {
    const byte = this.#text[this.#at] ?? " ";
    return new GoError(`invalid character ${quotedCharacter(byte, quote)} ${where}`);
  }

  #unexpectedEnd(): GoError {
    return new GoError("unexpected end of JSON input");
  }

  /** Whether anything is left after white space. */
  #skipSpace(): boolean {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? "")) this.#at++;
    return this.#at < this.#text.length;
  }

  /** The next byte that is no white space. */
  #next(): string {
    if (!this.#skipSpace()) throw this.#unexpectedEnd();
    return this.#text[this.#at] as string;
  }

  #value(where: string): GoValue {
    const first = this.#next();
    if (first === "{") return this.#nested(() => this.#object());
    if (first === "[") return this.#nested(() => this.#array());
    if (first === '"') return this.#string();
    if (/[-0-9]/.test(first)) return this.#number();
    const literal = literals[first];
    if (!literal) throw this.#unexpected(where);
    for (const [index, expected] of [...literal.text].entries()) {
      if (this.#text[this.#at] !== expected)
        throw this.#unexpected(`in literal ${literal.text} (expecting '${literal.text[index]}')`);
      this.#at++;
    }
    return literal.value;
  }

  #nested(read: () => GoValue): GoValue {
    if (++this.#depth > maximumDepth) throw new GoError("exceeded max depth");
    this.#at++;
    const value = read();
    this.#at++;
    this.#depth--;
    return value;
  }

  #object(): GoValue {
    const map = mapStringAny();
    if (this.#next() === "}") return map;
    for (;;) {
      if (this.#next() !== '"') throw this.#unexpected("looking for beginning of object key string");
      const key = this.#string();
      if (this.#next() !== ":") throw this.#unexpected("after object key");
      this.#at++;
      map.entries.set(key, this.#value("looking for beginning of value"));
      const after = this.#next();
      if (after === "}") return map;
      if (after !== ",") throw this.#unexpected("after object key:value pair");
      this.#at++;
    }
  }

  #array(): GoValue {
    const items: GoValue[] = [];
    if (this.#next() === "]") return appended(listOfAny(items));
    for (;;) {
      items.push(this.#value("looking for beginning of value"));
      const after = this.#next();
      if (after === "]") return appended(listOfAny(items));
      if (after !== ",") throw this.#unexpected("after array element");
      this.#at++;
    }
  }

  #digits(where: string): void {
    if (!/[0-9]/.test(this.#text[this.#at] ?? "")) throw this.#unexpected(where);
    while (/[0-9]/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #number(): GoValue {
    const start = this.#at;
    if (this.#text[this.#at] === "-") this.#at++;
    if (this.#text[this.#at] === "0") this.#at++;
    else this.#digits("in numeric literal");
    if (this.#text[this.#at] === ".") {
      this.#at++;
      this.#digits("after decimal point in numeric literal");
    }
    if (/[eE]/.test(this.#text[this.#at] ?? "")) {
      this.#at++;
      if (/[-+]/.test(this.#text[this.#at] ?? "")) this.#at++;
      this.#digits("in exponent of numeric literal");
    }
    const text = this.#text.slice(start, this.#at);
    const { value, fault } = parseFloat64(text);
    if (fault === undefined) return value;
    this.#error ??= new GoError(`json: cannot unmarshal number ${text} into Go value of type float64`);
    return null;
  }

  #string(): string {
    this.#at++;
    let out = "";
    let plainFrom = this.#at;
    for (;;) {
      const byte = this.#text[this.#at];
      if (byte === undefined) throw this.#unexpectedEnd();
      if (byte < " ") throw this.#unexpected("in string literal");
      if (byte !== '"' && byte !== "\\") {
        this.#at++;
        continue;
      }
      out += validText(this.#text.slice(plainFrom, this.#at));
      this.#at++;
      if (byte === '"') return out;
      out += this.#escape();
      plainFrom = this.#at;
    }
  }

  /** The bytes of the escape whose backslash has been read. */
  #escape(): string {
    const letter = this.#text[this.#at] ?? "";
    if (letter !== "u") {
      const short = escapes[letter];
      if (short === undefined) throw this.#unexpected("in string escape code");
      this.#at++;
      return short;
    }
    const unit = this.#hexDigits();
    const isHigh = unit >= 0xd800 && unit <= 0xdbff;
    const low = /^\\u(d[c-f][0-9a-f]{2})/i.exec(this.#text.slice(this.#at, this.#at + 6))?.[1];
    if (!isHigh || low === undefined) return encodeRune(unit);
    this.#at += 6;
    return encodeRune(0x10000 + ((unit - 0xd800) << 10) + (Number.parseInt(low, 16) - 0xdc00));
  }

  #hexDigits(): number {
    this.#at++;
    const start = this.#at;
    while (this.#at < start + 4) {
      if (!/[0-9a-fA-F]/.test(this.#text[this.#at] ?? ""))
        throw this.#unexpected("in \\u hexadecimal character escape");
      this.#at++;
    }
    return Number.parseInt(this.#text.slice(start, this.#at), 16);
  }
}

/** The bytes with U+FFFD for what is no UTF-8. */
function validText(bytes: string): string {
  return encodeUtf8(decodeUtf8(bytes));
}

/**
 * JSON as Go holds it in an interface{} (encoding/json, Unmarshal): numbers float64, objects map[string]interface {}.
 * @throws GoError for text that is no JSON, with Go's words
 */
export function decodeJson(text: string): DecodedJson {
  try {
    return new Decoder(text).decode();
  } catch (error) {
    // The engine's stack may end before Go's limit.
    if (error instanceof RangeError) throw new GoError("exceeded max depth");
    throw error;
  }
}
