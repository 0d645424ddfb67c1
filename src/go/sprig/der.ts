/** ASN.1 in its distinguished encoding (DER), as far as keys and certificates need it. */

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectId: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const digits = length.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

/** Any element: its tag and content. */
export function element(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthBytes(body.length), body]);
}

export function sequence(...parts: readonly Uint8Array[]): Buffer {
  return element(tags.sequence, ...parts);
}

/** An element of a context-specific tag with elements in it. */
export function tagged(number: number, ...parts: readonly Uint8Array[]): Buffer {
  return element(0xa0 | number, ...parts);
}

/** A whole number that is not negative. */
export function integer(value: bigint): Buffer {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
  // A first bit of one would make it negative.
  return element(
    tags.integer,
    (bytes[0] as number) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes,
  );
}

export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const arc of others) {
    const septets = [arc & 0x7f];
    for (let rest = arc >>> 7; rest > 0; rest >>>= 7) septets.unshift((rest & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  return element(tags.objectId, Buffer.from(bytes));
}

export function octetString(content: Uint8Array): Buffer {
  return element(tags.octetString, content);
}

/** A bit string, of which the last `unused` bits do not count. */
export function bitString(content: Uint8Array, unused = 0): Buffer {
  return element(tags.bitString, Buffer.from([unused]), content);
}

export const derTrue = element(tags.boolean, Buffer.from([0xff]));
export const derNull = element(tags.null);

export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  /** Tag, length and content. */
  readonly whole: Buffer;
}

function readElement(data: Buffer): DerElement {
  const tag = data.readUInt8(0);
  const first = data.readUInt8(1);
  const lengthSize = first < 0x80 ? 0 : first & 0x7f;
  const length = lengthSize === 0 ? first : data.readUIntBE(2, lengthSize);
  const start = 2 + lengthSize;
  if (data.length < start + length) throw new RangeError("data truncated");
  return { tag, content: data.subarray(start, start + length), whole: data.subarray(0, start + length) };
}

/**
 * The elements that stand one after another in `data`.
 * @throws RangeError where the data ends too early
 */
export function readElements(data: Buffer): DerElement[] {
  const found: DerElement[] = [];
  for (let at = 0; at < data.length; ) {
    const next = readElement(data.subarray(at));
    found.push(next);
    at += next.whole.length;
  }
  return found;
}

/** The value of an integer element that is not negative. */
export function readInteger({ content }: DerElement): bigint {
  return BigInt(`0x${content.toString("hex") || "0"}`);
}
