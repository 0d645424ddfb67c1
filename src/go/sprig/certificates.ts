import type { KeyObject } from "node:crypto";
import { printed } from "../fmt/index.ts";
import {
  type GoContext,
  GoError,
  type GoFunctionEntry,
  type GoSlice,
  GoStruct,
  type GoType,
  stringOf,
  stringType,
} from "../values/index.ts";
import { decodeBase64 } from "./base64.ts";
import { entry } from "./entry.ts";
import { addressBytes } from "./ip-address.ts";
import { nodeCrypto } from "./lazy.ts";
import { decodePem, encodePem } from "./pem.ts";
import {
  generatePrivateKey,
  generateRsa,
  type PrivateKey,
  parsePrivateKey,
  privateKeyPem,
} from "./private-key.ts";
import {
  type CertificateTemplate,
  createCertificate,
  distinguishedName,
  type Issuer,
  readAuthority,
} from "./x509.ts";

const certificateType: GoType = {
  kind: "struct",
  name: "sprig.certificate",
  fields: [
    { name: "Cert", type: stringType },
    { name: "Key", type: stringType },
  ],
};

function certificate(cert: string, key: string): GoStruct {
  return new GoStruct(certificateType, [cert, key], undefined);
}

/** What `compute` gives; its GoError with `doing` before it. */
function during<Result>(doing: string, compute: () => Result): Result {
  try {
    return compute();
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`${doing}: ${error.message}`);
    throw error;
  }
}

const nanosecondsPerDay = 24n * 3600n * 1_000_000_000n;
/** Of the keys that sprig makes for certificates. */
const rsaBits = 2048;

function addresses(list: GoSlice): Buffer[] {
  return list.items.map((item) => {
    if (typeof item !== "string") throw new GoError(`error parsing ip: ${printed(item)} is not a string`);
    const bytes = addressBytes(item);
    if (!bytes) throw new GoError(`error parsing ip: ${item}`);
    return bytes;
  });
}

function dnsNames(list: GoSlice): string[] {
  return list.items.map((item) => {
    if (typeof item === "string") return item;
    throw new GoError(`error processing alternate dns name: ${printed(item)} is not a string`);
  });
}

interface Wanted {
  readonly commonName: string;
  readonly days: bigint;
  readonly ips?: GoSlice;
  readonly names?: GoSlice;
  readonly isAuthority?: boolean;
}

function template(
  { commonName, days, ips, names, isAuthority = false }: Wanted,
  context: GoContext,
): CertificateTemplate {
  const notBefore = context.now();
  return {
    commonName,
    addresses: ips ? addresses(ips) : [],
    dnsNames: names ? dnsNames(names) : [],
    notBefore,
    notAfter: notBefore + BigInt.asIntN(64, days * nanosecondsPerDay),
    isAuthority,
  };
}

function publicKeyOf(key: KeyObject): KeyObject {
  return nodeCrypto().createPublicKey(key);
}

/** A certificate of `key`, signed by `issuer` or by itself, as sprig's pair of PEM texts. */
function issue(wanted: CertificateTemplate, key: PrivateKey, issuer?: Issuer): GoStruct {
  const signer = issuer ?? { name: distinguishedName(wanted.commonName), key };
  if (key.kind === "dsa") {
    const problem =
      signer.key.kind === "dsa"
        ? "certificate private key does not implement crypto.Signer"
        : "unsupported public key type: *dsa.PublicKey";
    throw new GoError(`error creating certificate: x509: ${problem}`);
  }
  const der = during("error creating certificate", () =>
    createCertificate(wanted, publicKeyOf(key.key), signer),
  );
  return certificate(encodePem({ type: "CERTIFICATE", bytes: der }), privateKeyPem(key));
}

const givenKey = (pem: string) => during("parsing private key", () => parsePrivateKey(pem));

function authorityOf(authority: GoStruct): Issuer {
  const [certPem = "", keyPem = ""] = authority.fields.map((field) => stringOf(field) ?? "");
  const block = decodePem(certPem);
  if (!block) throw new GoError("unable to decode certificate");
  const facts = during("error parsing certificate: decodedSignerCert.Bytes", () =>
    readAuthority(block.bytes),
  );
  const key = during("error parsing private key", () => parsePrivateKey(keyPem));
  if (key.kind !== "dsa" && !publicKeyOf(key.key).equals(facts.publicKey))
    throw new GoError(
      "error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey",
    );
  return { name: facts.subject, key, keyId: facts.keyId };
}

type NamesArguments = [commonName: string, ips: GoSlice, names: GoSlice, days: bigint];

function selfSigned(
  [commonName, ips, names, days]: NamesArguments,
  context: GoContext,
  key?: PrivateKey,
): GoStruct {
  const wanted = template({ commonName, ips, names, days }, context);
  return issue(wanted, key ?? generateRsa(rsaBits));
}

function signed(
  [commonName, ips, names, days]: NamesArguments,
  authority: GoStruct,
  context: GoContext,
  key?: PrivateKey,
): GoStruct {
  const issuer = authorityOf(authority);
  const wanted = template({ commonName, ips, names, days }, context);
  return issue(wanted, key ?? generateRsa(rsaBits), issuer);
}

/** sprig crypto.go, buildCustomCertificate: a given pair, checked. */
function customCertificate([encodedCert, encodedKey]: [string, string]): GoStruct {
  const decode = (text: string, what: string) => {
    try {
      return decodeBase64(text);
    } catch (error) {
      if (error instanceof GoError) throw new GoError(`unable to decode base64 ${what}`);
      throw error;
    }
  };
  const cert = decode(encodedCert, "certificate");
  const key = decode(encodedKey, "private key");
  const block = decodePem(cert);
  if (!block) throw new GoError("unable to decode certificate");
  during("error parsing certificate: decodedCert.Bytes", () => readAuthority(block.bytes));
  during("error parsing private key", () => parsePrivateKey(key));
  return certificate(cert, key);
}

const types = [certificateType];

/** Keys and certificates (sprig crypto.go). */
export const certificateFunctions: readonly GoFunctionEntry[] = [
  entry("buildCustomCert", "func(string, string) (sprig.certificate, error)", customCertificate, types),
  entry(
    "genCA",
    "func(string, int) (sprig.certificate, error)",
    ([commonName, days], context) =>
      issue(template({ commonName, days, isAuthority: true }, context), generateRsa(rsaBits)),
    types,
  ),
  entry(
    "genCAWithKey",
    "func(string, int, string) (sprig.certificate, error)",
    ([commonName, days, pem], context) =>
      issue(template({ commonName, days, isAuthority: true }, context), givenKey(pem)),
    types,
  ),
  entry("genPrivateKey", "func(string) string", ([type]) => generatePrivateKey(type)),
  entry(
    "genSelfSignedCert",
    "func(string, []any, []any, int) (sprig.certificate, error)",
    (names, context) => selfSigned(names, context),
    types,
  ),
  entry(
    "genSelfSignedCertWithKey",
    "func(string, []any, []any, int, string) (sprig.certificate, error)",
    ([commonName, ips, names, days, pem], context) =>
      selfSigned([commonName, ips, names, days], context, givenKey(pem)),
    types,
  ),
  entry(
    "genSignedCert",
    "func(string, []any, []any, int, sprig.certificate) (sprig.certificate, error)",
    ([commonName, ips, names, days, authority], context) =>
      signed([commonName, ips, names, days], authority, context),
    types,
  ),
  entry(
    "genSignedCertWithKey",
    "func(string, []any, []any, int, sprig.certificate, string) (sprig.certificate, error)",
    ([commonName, ips, names, days, authority, pem], context) =>
      signed([commonName, ips, names, days], authority, context, givenKey(pem)),
    types,
  ),
];
