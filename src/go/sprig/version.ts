import { parseUnsigned } from "../strconv/parse-integer.ts";
import { quote } from "../strconv/quote.ts";
import { GoError } from "../values/index.ts";

/** A semantic version (Masterminds/semver 3.3.0, Version). */
export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
  /** As it was written. */
  readonly original: string;
}

const identifiers = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const versionPattern = new RegExp(
  `^v?([0-9]+)(?:\\.([0-9]+))?(?:\\.([0-9]+))?(?:-(${identifiers}))?(?:\\+(${identifiers}))?$`,
);

function segment(text: string | undefined): bigint {
  if (text === undefined) return 0n;
  const { value, fault } = parseUnsigned(text, 10, 64);
  if (fault === undefined) return value;
  throw new GoError(
    `Error parsing version segment: strconv.ParseUint: parsing ${quote(text)}: value out of range`,
  );
}

/** @throws GoError for an identifier that is no text of a prerelease, or a number with a leading zero */
export function checkPrerelease(prerelease: string): void {
  for (const part of prerelease.split(".")) {
    if (/^0[0-9]+$/.test(part)) throw new GoError("Version segment starts with 0");
    if (!/^[0-9A-Za-z-]*$/.test(part)) throw new GoError("Invalid Prerelease string");
  }
}

/** @throws GoError */
export function checkMetadata(metadata: string): void {
  if (!/^[0-9A-Za-z.-]*$/.test(metadata)) throw new GoError("Invalid Metadata string");
}

/**
 * Reads a version, which may lack minor and patch and have a leading v (semver.NewVersion).
 * @throws GoError with the library's text
 */
export function parseVersion(text: string): Version {
  const match = versionPattern.exec(text);
  if (!match) throw new GoError("Invalid Semantic Version");
  const [, major, minor, patch, prerelease = "", metadata = ""] = match;
  const version = {
    major: segment(major),
    minor: segment(minor),
    patch: segment(patch),
    prerelease,
    metadata,
    original: text,
  };
  if (prerelease !== "") checkPrerelease(prerelease);
  return version;
}

/** The version in full, without the v. */
export function versionText({ major, minor, patch, prerelease, metadata }: Version): string {
  const after = prerelease === "" ? "" : `-${prerelease}`;
  return `${major}.${minor}.${patch}${after}${metadata === "" ? "" : `+${metadata}`}`;
}

function order<T extends bigint | string>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function comparePart(left: string | undefined, right: string | undefined): number {
  // Fewer parts come first, numbers before words.
  if (left === undefined || right === undefined) return left === right ? 0 : left === undefined ? -1 : 1;
  const number = /^[0-9]+$/;
  if (number.test(left) !== number.test(right)) return number.test(left) ? -1 : 1;
  return number.test(left) ? order(BigInt(left), BigInt(right)) : order(left, right);
}

/** The order of two prereleases, of which neither is empty. */
export function comparePrereleases(left: string, right: string): number {
  const [leftParts, rightParts] = [left.split("."), right.split(".")];
  for (let at = 0; at < Math.max(leftParts.length, rightParts.length); at++) {
    const difference = comparePart(leftParts[at], rightParts[at]);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** -1, 0 or 1; metadata does not count, and a prerelease comes before its release. */
export function compareVersions(left: Version, right: Version): number {
  const difference =
    order(left.major, right.major) || order(left.minor, right.minor) || order(left.patch, right.patch);
  if (difference !== 0) return difference;
  if (left.prerelease === "" || right.prerelease === "")
    return Number(left.prerelease === "") - Number(right.prerelease === "");
  return comparePrereleases(left.prerelease, right.prerelease);
}
