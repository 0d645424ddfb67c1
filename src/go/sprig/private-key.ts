import type { KeyObject } from "node:crypto";
import { GoError } from "../values/index.ts";
import { integer, readElements, readInteger, sequence } from "./der.ts";
import { nodeCrypto } from "./lazy.ts";
import { decodePem, encodePem } from "./pem.ts";

/** A private key that can sign, or one of DSA, which Go's x509 only passes on. */
export type PrivateKey =
  | { readonly kind: "rsa" | "ec" | "ed25519"; readonly key: KeyObject }
  | { readonly kind: "dsa" };

/** The containers of keys in PEM blocks, and how Go names what it was doing when one is broken. */
const containers = {
  "RSA PRIVATE KEY": { type: "pkcs1", doing: "parsing RSA private key from PEM" },
  "EC PRIVATE KEY": { type: "sec1", doing: "parsing EC private key from PEM" },
  "PRIVATE KEY": { type: "pkcs8", doing: "decoding PEM as PKCS#8" },
} as const;

const supportedCurves = ["secp224r1", "prime256v1", "secp384r1", "secp521r1"];

function parseDsa(bytes: Buffer): PrivateKey {
  try {
    const [outer] = readElements(bytes);
    // version, p, q, g, y, x
    if (outer && readElements(outer.content).length >= 6) return { kind: "dsa" };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new GoError("parsing DSA private key from PEM: asn1: syntax error: sequence truncated");
}

function describe(key: KeyObject, doing: string): PrivateKey {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return { kind: "rsa", key };
    case "ed25519":
      return { kind: "ed25519", key };
    case "ec":
      if (supportedCurves.includes(key.asymmetricKeyDetails?.namedCurve ?? "")) return { kind: "ec", key };
      throw new GoError(`${doing}: x509: unknown elliptic curve`);
    default:
      throw new GoError(`${doing}: x509: PKCS#8 wrapping contained private key with unknown algorithm`);
  }
}

/**
 * Reads a private key (sprig crypto.go, parsePrivateKeyPEM).
 * @throws GoError with sprig's text
 */
export function parsePrivateKey(pem: string): PrivateKey {
  const block = decodePem(pem);
  if (!block) throw new GoError("no PEM data in input");
  const { type, bytes } = block;
  if (type === "DSA PRIVATE KEY") return parseDsa(bytes);
  if (!Object.hasOwn(containers, type)) {
    if (!type.endsWith(" PRIVATE KEY")) throw new GoError(`no private key data in PEM block of type ${type}`);
    throw new GoError(`invalid private key type ${type}`);
  }
  const container = containers[type as keyof typeof containers];
  let key: KeyObject;
  try {
    key = nodeCrypto().createPrivateKey({ key: bytes, format: "der", type: container.type });
  } catch {
    // OpenSSL's words for a broken key are its own; Go's parser would stumble at the structure.
    throw new GoError(`${container.doing}: asn1: structure error: malformed private key`);
  }
  return describe(key, container.doing);
}

/** The key in the container that sprig writes for its kind (pemBlockForKey). */
export function privateKeyPem({ kind, key }: Exclude<PrivateKey, { kind: "dsa" }>): string {
  const type = { rsa: "pkcs1", ec: "sec1", ed25519: "pkcs8" }[kind];
  return key.export({ format: "pem", type: type as "pkcs8" }) as string;
}

export function generateRsa(bits: number): PrivateKey & { readonly kind: "rsa" } {
  const { privateKey } = nodeCrypto().generateKeyPairSync("rsa", { modulusLength: bits });
  return { kind: "rsa", key: privateKey };
}

/** A DSA key in OpenSSL's own form, which Go writes by hand: version, p, q, g, y, x. */
function generateDsaPem(): string {
  const { privateKey, publicKey } = nodeCrypto().generateKeyPairSync("dsa", {
    modulusLength: 2048,
    divisorLength: 256,
  });
  const pkcs8 = readElements(readElements(privateKey.export({ format: "der", type: "pkcs8" }))[0]!.content);
  const parameters = readElements(readElements(pkcs8[1]!.content)[1]!.content).map(readInteger);
  const secret = readInteger(readElements(pkcs8[2]!.content)[0]!);
  const spki = readElements(readElements(publicKey.export({ format: "der", type: "spki" }))[0]!.content);
  const shared = readInteger(readElements(spki[1]!.content.subarray(1))[0]!);
  const numbers = [0n, ...parameters, shared, secret].map(integer);
  return encodePem({ type: "DSA PRIVATE KEY", bytes: sequence(...numbers) });
}

const rsaBits = 4096;

const generators: Readonly<Record<string, () => string>> = {
  "": () => privateKeyPem(generateRsa(rsaBits)),
  rsa: () => privateKeyPem(generateRsa(rsaBits)),
  dsa: generateDsaPem,
  ecdsa: () => {
    const { privateKey } = nodeCrypto().generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    return privateKeyPem({ kind: "ec", key: privateKey });
  },
  ed25519: () =>
    privateKeyPem({ kind: "ed25519", key: nodeCrypto().generateKeyPairSync("ed25519").privateKey }),
};

/** A new key as PEM (sprig crypto.go, generatePrivateKey); an unknown type gives a sentence in its place. */
export function generatePrivateKey(type: string): string {
  const generate = Object.hasOwn(generators, type) ? generators[type] : undefined;
  return generate ? generate() : `Unknown type ${type}`;
}
