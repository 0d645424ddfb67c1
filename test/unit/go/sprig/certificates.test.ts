import { execFileSync, spawnSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GoStruct, type GoValue } from "../../../../src/go/values/index.ts";
import { call, callValue } from "./call.ts";

interface Pair {
  readonly value: GoValue;
  readonly cert: string;
  readonly key: string;
}

function pair(name: string, ...args: readonly unknown[]): Pair {
  const value = callValue(name, ...args);
  if (!(value instanceof GoStruct)) throw new Error("no certificate");
  const [cert, key] = value.fields as [string, string];
  return { value, cert, key };
}

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "certificates-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function openssl(...args: readonly string[]): string {
  return execFileSync("openssl", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

describe("private keys", () => {
  it.each([
    ["ecdsa", "EC PRIVATE KEY", "ec"],
    ["ed25519", "PRIVATE KEY", "ed25519"],
    ["rsa", "RSA PRIVATE KEY", "rsa"],
  ])("%s", (type, label, kind) => {
    const pem = call("genPrivateKey", type);
    expect(pem).toMatch(new RegExp(`^-----BEGIN ${label}-----\n[^]*-----END ${label}-----\n$`));
    expect(createPrivateKey(pem).asymmetricKeyType).toBe(kind);
  });

  it("of unknown types are a sentence", () => expect(call("genPrivateKey", "x")).toBe("Unknown type x"));

  it.skipIf(!hasOpenssl)("of DSA are in OpenSSL's own form", () => {
    writeFileSync(join(folder, "dsa.pem"), call("genPrivateKey", "dsa"));
    expect(openssl("dsa", "-in", "dsa.pem", "-noout", "-text")).toContain("Private-Key: (2048 bit)");
  });

  it.each([
    ["", "no PEM data in input"],
    [
      "-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----",
      "no private key data in PEM block of type CERTIFICATE",
    ],
    [
      "-----BEGIN FOO PRIVATE KEY-----\nYQ==\n-----END FOO PRIVATE KEY-----\n",
      "invalid private key type FOO PRIVATE KEY",
    ],
    ["-----BEGIN PRIVATE KEY-----\nYQ==\n-----END PRIVATE KEY-----\n", "decoding PEM as PKCS#8: "],
  ])("refuses %j", (pem, message) =>
    expect(() => call("genCAWithKey", "x", 1, pem)).toThrow(`parsing private key: ${message}`),
  );
});

describe("certificates", () => {
  it("of an authority say so", () => {
    const authority = pair("genCA", "my ca", 365);
    const parsed = new X509Certificate(authority.cert);
    expect(parsed.subject).toBe("CN=my ca");
    expect(parsed.issuer).toBe("CN=my ca");
    expect(parsed.ca).toBe(true);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(parsed.checkPrivateKey(createPrivateKey(authority.key))).toBe(true);
    expect(new Date(parsed.validFrom)).toEqual(new Date("2026-11-24T02:00:00Z"));
    expect(new Date(parsed.validTo)).toEqual(new Date("2027-11-24T02:00:00Z"));
    expect(authority.key).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
  });

  it.each(["ecdsa", "ed25519"])("are signed by %s keys", (type) => {
    const authority = pair("genCAWithKey", "ca", 1, call("genPrivateKey", type));
    const key = call("genPrivateKey", type);
    const signed = pair(
      "genSignedCertWithKey",
      "*.test",
      ["10.1.1.1", "::1", "::ffff:1.2.3.4"],
      ["a.test"],
      1,
      authority.value,
      key,
    );
    const parsed = new X509Certificate(signed.cert);
    const issuer = new X509Certificate(authority.cert);
    expect(signed.key).toBe(key);
    expect(parsed.verify(issuer.publicKey)).toBe(true);
    expect(parsed.checkIssued(issuer)).toBe(true);
    expect(parsed.ca).toBe(false);
    expect(parsed.subjectAltName).toBe(
      "DNS:a.test, IP Address:10.1.1.1, IP Address:0:0:0:0:0:0:0:1, IP Address:1.2.3.4",
    );
    expect(parsed.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
  });

  it.skipIf(!hasOpenssl)("satisfy openssl, whatever the kinds of keys", () => {
    const authority = pair("genCAWithKey", "ca é", 3650, call("genPrivateKey", "ecdsa"));
    const signed = pair("genSignedCert", "x.test", null, ["x.test"], 10, authority.value);
    writeFileSync(join(folder, "ca.pem"), authority.cert);
    writeFileSync(join(folder, "leaf.pem"), signed.cert);
    const atTime = ["-attime", "1795500000"];
    expect(openssl("verify", ...atTime, "-x509_strict", "-CAfile", "ca.pem", "leaf.pem")).toContain(
      "leaf.pem: OK",
    );
    const text = openssl("x509", "-in", "leaf.pem", "-noout", "-text");
    expect(text).toContain("Signature Algorithm: ecdsa-with-SHA256");
    expect(text).toContain("Digital Signature, Key Encipherment");
    expect(text).toContain("TLS Web Server Authentication, TLS Web Client Authentication");
    expect(text).toMatch(/X509v3 Authority Key Identifier/);
  });

  it("sign with longer digests for longer curves, and mark names critical that stand alone", () => {
    writeFileSync(join(folder, "empty"), "");
    const key = call("genPrivateKey", "ecdsa");
    const nameless = new X509Certificate(
      pair("genSelfSignedCertWithKey", "", null, ["only.test"], 1, key).cert,
    );
    // Undefined before Node 26.
    expect(nameless.subject ?? "").toBe("");
    expect(nameless.subjectAltName).toBe("DNS:only.test");
  });

  it("last past 2049", () => {
    const parsed = new X509Certificate(
      pair("genCAWithKey", "ca", 20_000, call("genPrivateKey", "ecdsa")).cert,
    );
    expect(new Date(parsed.validTo).getUTCFullYear()).toBe(2081);
  });

  it("need names and addresses that are some", () => {
    const key = call("genPrivateKey", "ecdsa");
    const make = (ips: unknown, names: unknown) => () =>
      call("genSelfSignedCertWithKey", "x", ips, names, 1, key);
    expect(make(["1.2.3"], [])).toThrow("error parsing ip: 1.2.3");
    expect(make(["fe80::1%lo"], [])).toThrow("error parsing ip: fe80::1%lo");
    expect(make([5], [])).toThrow("error parsing ip: 5 is not a string");
    expect(make([], [5])).toThrow("error processing alternate dns name: 5 is not a string");
    expect(make([], ["é"])).toThrow(
      'error creating certificate: x509: "é" cannot be encoded as an IA5String',
    );
  });

  it("come only from an authority's own key", () => {
    const one = pair("genCAWithKey", "one", 1, call("genPrivateKey", "ecdsa"));
    const other = pair("genCAWithKey", "other", 1, call("genPrivateKey", "ecdsa"));
    const mixed = pair("buildCustomCert", call("b64enc", one.cert), call("b64enc", other.key));
    expect(mixed.cert).toBe(one.cert);
    expect(() => call("genSignedCertWithKey", "x", null, null, 1, mixed.value, one.key)).toThrow(
      "error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey",
    );
  });

  it.each([
    ["bad!", "YQ==", "unable to decode base64 certificate"],
    ["YQ==", "bad!", "unable to decode base64 private key"],
    ["YQ==", "YQ==", "unable to decode certificate"],
  ])("buildCustomCert %s %s", (cert, key, message) =>
    expect(() => call("buildCustomCert", cert, key)).toThrow(message),
  );
});
