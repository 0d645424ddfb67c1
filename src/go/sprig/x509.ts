import type { KeyObject } from "node:crypto";
import { quote } from "../strconv/quote.ts";
import { formatTime, fromNanoseconds, utc } from "../time/index.ts";
import { GoError } from "../values/index.ts";
import {
  bitString,
  derNull,
  derTrue,
  element,
  integer,
  objectId,
  octetString,
  readElements,
  sequence,
  tagged,
  tags,
} from "./der.ts";
import { nodeCrypto } from "./lazy.ts";
import type { PrivateKey } from "./private-key.ts";

/** What goes into a certificate of sprig's (crypto.go, getBaseCertTemplate). */
export interface CertificateTemplate {
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly addresses: readonly Buffer[];
  /** Nanoseconds since 1970. */
  readonly notBefore: bigint;
  readonly notAfter: bigint;
  readonly isAuthority: boolean;
}

/** Who signs: the name that stands as issuer, the key, and what identifies it. */
export interface Issuer {
  readonly name: Buffer;
  readonly key: PrivateKey;
  readonly keyId?: Buffer | undefined;
}

type SigningKey = Exclude<PrivateKey, { kind: "dsa" }>;

const ids = {
  commonName: "2.5.4.3",
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyId: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
} as const;

interface SignatureAlgorithm {
  readonly identifier: Buffer;
  /** As node:crypto names it; null where the key decides. */
  readonly digest: string | null;
}

const rsaSha256: SignatureAlgorithm = {
  identifier: sequence(objectId("1.2.840.113549.1.1.11"), derNull),
  digest: "sha256",
};
const ed25519: SignatureAlgorithm = { identifier: sequence(objectId("1.3.101.112")), digest: null };

function ecdsaWith(dotted: string, digest: string): SignatureAlgorithm {
  return { identifier: sequence(objectId(dotted)), digest };
}

const ecdsaSha256 = ecdsaWith("1.2.840.10045.4.3.2", "sha256");
/** Longer curves take longer digests (x509.signingParamsForKey). */
const ecdsaByCurve: Readonly<Record<string, SignatureAlgorithm>> = {
  secp384r1: ecdsaWith("1.2.840.10045.4.3.3", "sha384"),
  secp521r1: ecdsaWith("1.2.840.10045.4.3.4", "sha512"),
};

function algorithmFor({ kind, key }: SigningKey): SignatureAlgorithm {
  if (kind === "rsa") return rsaSha256;
  if (kind === "ed25519") return ed25519;
  return ecdsaByCurve[key.asymmetricKeyDetails?.namedCurve ?? ""] ?? ecdsaSha256;
}

/** A string in the narrowest type that holds it (Go's encoding/asn1). */
function directoryString(text: string): Buffer {
  const tag = /^[0-9A-Za-z '()+,\-./:=?]*$/.test(text) ? tags.printableString : tags.utf8String;
  return element(tag, Buffer.from(text, "latin1"));
}

/** A name of nothing but a common name, in DER. */
export function distinguishedName(commonName: string): Buffer {
  if (commonName === "") return sequence();
  return sequence(element(tags.set, sequence(objectId(ids.commonName), directoryString(commonName))));
}

/** Two digits of year up to 2049, four after (RFC 5280). */
function time(nanoseconds: bigint): Buffer {
  const instant = fromNanoseconds(nanoseconds, utc);
  const year = Number(formatTime(instant, "2006"));
  return year >= 1950 && year < 2050
    ? element(tags.utcTime, Buffer.from(formatTime(instant, "060102150405Z")))
    : element(tags.generalizedTime, Buffer.from(formatTime(instant, "20060102150405Z")));
}

function extension(id: string, content: Buffer, isCritical = false): Buffer {
  return sequence(objectId(id), ...(isCritical ? [derTrue] : []), octetString(content));
}

/** Digital signature and key encipherment, and for authorities the signing of certificates. */
function keyUsage(isAuthority: boolean): Buffer {
  return isAuthority ? bitString(Buffer.from([0b1010_0100]), 2) : bitString(Buffer.from([0b1010_0000]), 5);
}

function alternativeNames({ dnsNames, addresses }: CertificateTemplate): Buffer {
  const names = dnsNames.map((name) => {
    if (/[^\x00-\x7f]/.test(name))
      throw new GoError(`x509: ${quote(name)} cannot be encoded as an IA5String`);
    return element(0x82, Buffer.from(name, "latin1"));
  });
  return sequence(...names, ...addresses.map((address) => element(0x87, address)));
}

/** SHA-1 of the public key's bits (RFC 5280, 4.2.1.2). */
function keyIdOf(publicKeyInfo: Buffer): Buffer {
  const bits = readElements(readElements(publicKeyInfo)[0]!.content)[1]!.content.subarray(1);
  return nodeCrypto().createHash("sha1").update(bits).digest();
}

/** The extensions in Go's order (x509.buildCertExtensions). */
function extensions(template: CertificateTemplate, publicKeyInfo: Buffer, issuer: Issuer): Buffer[] {
  const subject = distinguishedName(template.commonName);
  const all = [
    extension(ids.keyUsage, keyUsage(template.isAuthority), true),
    extension(ids.extendedKeyUsage, sequence(objectId(ids.serverAuth), objectId(ids.clientAuth))),
    extension(ids.basicConstraints, template.isAuthority ? sequence(derTrue) : sequence(), true),
  ];
  if (template.isAuthority) all.push(extension(ids.subjectKeyId, octetString(keyIdOf(publicKeyInfo))));
  if (issuer.keyId && !issuer.name.equals(subject))
    all.push(extension(ids.authorityKeyId, sequence(element(0x80, issuer.keyId))));
  if (template.dnsNames.length > 0 || template.addresses.length > 0)
    all.push(extension(ids.subjectAltName, alternativeNames(template), template.commonName === ""));
  return all;
}

function randomSerial(): Buffer {
  return integer(BigInt(`0x${nodeCrypto().randomBytes(16).toString("hex")}`));
}

/**
 * A signed certificate in DER (x509.CreateCertificate).
 * @throws GoError with Go's text for what cannot be encoded or signed
 */
export function createCertificate(
  template: CertificateTemplate,
  publicKey: KeyObject,
  issuer: Issuer,
): Buffer {
  if (issuer.key.kind === "dsa")
    throw new GoError("x509: certificate private key does not implement crypto.Signer");
  const algorithm = algorithmFor(issuer.key);
  const publicKeyInfo = publicKey.export({ format: "der", type: "spki" });
  const body = sequence(
    tagged(0, integer(2n)),
    randomSerial(),
    algorithm.identifier,
    issuer.name,
    sequence(time(template.notBefore), time(template.notAfter)),
    distinguishedName(template.commonName),
    publicKeyInfo,
    tagged(3, sequence(...extensions(template, publicKeyInfo, issuer))),
  );
  const signature = nodeCrypto().sign(algorithm.digest, body, issuer.key.key);
  return sequence(body, algorithm.identifier, bitString(signature));
}

/** Of a certificate, what the certificates that it signs repeat. */
export interface AuthorityFacts {
  readonly subject: Buffer;
  readonly keyId?: Buffer | undefined;
  readonly publicKey: KeyObject;
}

/**
 * Reads a certificate in DER.
 * @throws GoError where it is none
 */
export function readAuthority(der: Buffer): AuthorityFacts {
  try {
    const { publicKey } = new (nodeCrypto().X509Certificate)(der);
    const [body] = readElements(readElements(der)[0]!.content);
    const parts = readElements(body!.content);
    // The version is absent from certificates of version 1.
    const subjectAt = parts[0]!.tag === 0xa0 ? 5 : 4;
    const block = parts.find(({ tag }) => tag === 0xa3);
    const all = block ? readElements(readElements(block.content)[0]!.content) : [];
    const keyId = all
      .map(({ content }) => readElements(content))
      .find(([id]) => id!.whole.equals(objectId(ids.subjectKeyId)));
    return {
      subject: parts[subjectAt]!.whole,
      keyId: keyId && readElements(keyId.at(-1)!.content)[0]!.content,
      publicKey,
    };
  } catch {
    throw new GoError("x509: malformed certificate");
  }
}
