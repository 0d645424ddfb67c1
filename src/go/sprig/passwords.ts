import { decodeUtf8, type GoFunctionEntry, integerOf } from "../values/index.ts";
import { decryptAes, encryptAes } from "./aes.ts";
import { entry } from "./entry.ts";
import { lazily, nodeCrypto } from "./lazy.ts";

const bcryptjs = lazily<typeof import("bcryptjs")>("bcryptjs");

/** Go's bcrypt.DefaultCost */
const bcryptCost = 10;
const longestPassword = 72;

/** sprig crypto.go, bcrypt: what goes wrong is said in place of the hash. */
function bcrypt(password: string): string {
  if (password.length > longestPassword)
    return `failed to encrypt string with bcrypt: bcrypt: password length exceeds ${longestPassword} bytes`;
  const hash = bcryptjs().hashSync(decodeUtf8(password), bcryptCost);
  // The same scheme under the name that Go, and Apache before it, give it.
  return hash.replace(/^\$2b\$/, "$2a$$");
}

function htpasswd([user, password]: [string, string]): string {
  return user.includes(":") ? `invalid username: ${user}` : `${user}:${bcrypt(password)}`;
}

const upperVowels = "AEIOU";
const upperConsonants = "BCDFGHJKLMNPQRSTVWXYZ";
const lowerVowels = "aeiou";
const lowerConsonants = "bcdfghjklmnpqrstvwxyz";
const digits = "0123456789";
const letters = upperVowels + lowerVowels + upperConsonants + lowerConsonants;

/** What each letter of a password's template stands for (the Master Password algorithm, version 3). */
const characterClasses: Readonly<Record<string, string>> = {
  V: upperVowels,
  C: upperConsonants,
  v: lowerVowels,
  c: lowerConsonants,
  A: upperVowels + upperConsonants,
  a: letters,
  n: digits,
  o: "@&%?,=[]_:-+*$#!'^~;()/.",
  x: `${letters}${digits}!@#$%^&*()`,
};

const passwordTemplates: Readonly<Record<string, readonly string[]>> = {
  maximum: ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
  long: (
    "CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv " +
    "CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv " +
    "CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno"
  ).split(" "),
  medium: ["CvcnoCvc", "CvcCvcno"],
  short: ["Cvcn"],
  basic: ["aaanaaan", "aannaaan", "aaannaaa"],
  pin: ["nnnn"],
};

const seedName = Buffer.from("com.lyndir.masterpassword");

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function named(text: string): Buffer {
  return Buffer.concat([bigEndian(text.length), Buffer.from(text, "latin1")]);
}

/** A site's password from a master password (sprig crypto.go, derivePassword). */
function derivePassword(counter: number, type: string, password: string, user: string, site: string): string {
  const templates = Object.hasOwn(passwordTemplates, type) ? passwordTemplates[type] : undefined;
  if (!templates) return `cannot find password template ${type}`;
  const salt = Buffer.concat([seedName, named(user)]);
  const cost = { N: 32_768, r: 8, p: 2, maxmem: 128 * 1024 * 1024 };
  const key = nodeCrypto().scryptSync(Buffer.from(password, "latin1"), salt, 64, cost);
  const seed = nodeCrypto()
    .createHmac("sha256", key)
    .update(Buffer.concat([seedName, named(site), bigEndian(counter)]))
    .digest();
  const template = templates[(seed[0] as number) % templates.length] as string;
  return [...template]
    .map((letter, index) => {
      const choices = characterClasses[letter] as string;
      return choices[(seed[index + 1] as number) % choices.length];
    })
    .join("");
}

/** Passwords and encryption (sprig crypto.go). */
export const passwordFunctions: readonly GoFunctionEntry[] = [
  entry("bcrypt", "func(string) string", ([password]) => bcrypt(password)),
  entry("decryptAES", "func(string, string) (string, error)", ([password, text]) =>
    decryptAes(password, text),
  ),
  entry(
    "derivePassword",
    "func(uint32, string, string, string, string) string",
    ([counter, type, password, user, site]) =>
      derivePassword(Number(integerOf(counter) ?? 0n), type, password, user, site),
  ),
  entry("encryptAES", "func(string, string) (string, error)", ([password, text]) =>
    encryptAes(password, text),
  ),
  entry("htpasswd", "func(string, string) string", htpasswd),
];
