import { GoError } from "../values/index.ts";
import { comparePrereleases, compareVersions, parseVersion, type Version } from "./version.ts";

/** How much of a constraint's version was left open (`1.x`, `1`). */
interface Constraint {
  readonly operator: string;
  readonly version: Version;
  readonly anyMinor: boolean;
  readonly anyPatch: boolean;
  /** Any of it was. */
  readonly open: boolean;
}

// Go's \s, which knows no vertical tab.
const space = "[\\t\\n\\f\\r ]";
const operator = "(?:=||!=|>|<|>=|=>|<=|=<|~|~>|\\^)";
const digits = "[0-9|xX*]+";
const identifiers = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const version = `v?${digits}(?:\\.${digits})?(?:\\.${digits})?(?:-${identifiers})?(?:\\+${identifiers})?`;

const one = new RegExp(
  `^${space}*(?<operator>${operator})${space}*(?<text>v?(?<major>${digits})(?:\\.(?<minor>${digits}))?` +
    `(?:\\.(?<patch>${digits}))?(?<prerelease>-${identifiers})?(?:\\+${identifiers})?)${space}*$`,
);
const each = new RegExp(`${operator}${space}*${version}`, "g");
const several = new RegExp(
  `^(?:${space}*${operator}${space}*${version}${space}*)` +
    `(?:(?:${space}+|,${space}*)${operator}${space}*${version}${space}*)*$`,
);
const hyphenRange = new RegExp(`${space}*(${version})${space}+-${space}+(${version})${space}*`, "g");

const isOpen = (part: string | undefined) => part === undefined || ["x", "X", "*"].includes(part);

function parseOne(text: string): Constraint {
  const parts = one.exec(text)?.groups;
  if (!parts) throw new GoError(`improper constraint: ${text}`);
  const { major, minor, patch, prerelease = "" } = parts;
  const anyMajor = isOpen(major);
  const anyMinor = !anyMajor && isOpen(minor);
  const anyPatch = !anyMajor && !anyMinor && isOpen(patch);
  let full = parts.text as string;
  if (anyMajor) full = `0.0.0${prerelease}`;
  else if (anyMinor) full = `${major}.0.0${prerelease}`;
  else if (anyPatch) full = `${major}.${minor}.0${prerelease}`;
  try {
    const open = anyMajor || anyMinor || anyPatch;
    return { operator: parts.operator ?? "", version: parseVersion(full), anyMinor, anyPatch, open };
  } catch (error) {
    if (error instanceof GoError) throw new GoError("constraint Parser Error");
    throw error;
  }
}

type Check = (candidate: Version, constraint: Constraint) => boolean;

/** Whether a prerelease is checked against a constraint that names none: most operators refuse it. */
function isUnaskedPrerelease(candidate: Version, { version: wanted }: Constraint): boolean {
  return candidate.prerelease !== "" && wanted.prerelease === "";
}

const refusingPrereleases =
  (check: Check): Check =>
  (candidate, constraint) =>
    !isUnaskedPrerelease(candidate, constraint) && check(candidate, constraint);

const tilde: Check = (candidate, { version: wanted, anyMinor, anyPatch }) => {
  if (compareVersions(candidate, wanted) < 0) return false;
  const isZero = wanted.major === 0n && wanted.minor === 0n && wanted.patch === 0n;
  // ~0.0.0 and ~* take everything.
  if (isZero && !anyMinor && !anyPatch) return true;
  return candidate.major === wanted.major && (anyMinor || candidate.minor === wanted.minor);
};

const caret: Check = (candidate, { version: wanted, anyMinor, anyPatch }) => {
  if (compareVersions(candidate, wanted) < 0 || candidate.major !== wanted.major) return false;
  if (wanted.major > 0n || anyMinor) return true;
  if (candidate.minor !== wanted.minor) return false;
  return wanted.minor > 0n || anyPatch || candidate.patch === wanted.patch;
};

const equal: Check = (candidate, constraint) =>
  constraint.open ? tilde(candidate, constraint) : compareVersions(candidate, constraint.version) === 0;

const greater: Check = (candidate, { version: wanted, open, anyMinor, anyPatch }) => {
  if (!open || candidate.major !== wanted.major)
    return open ? candidate.major > wanted.major : compareVersions(candidate, wanted) > 0;
  // Nothing of 11 is above >11, nothing of 11.1 above >11.1.
  if (anyMinor) return false;
  return anyPatch ? candidate.minor > wanted.minor : compareVersions(candidate, wanted) > 0;
};

const atMost: Check = (candidate, { version: wanted, open, anyMinor }) => {
  if (!open) return compareVersions(candidate, wanted) <= 0;
  if (candidate.major > wanted.major) return false;
  return candidate.major !== wanted.major || candidate.minor <= wanted.minor || anyMinor;
};

const notEqual: Check = (candidate, constraint) => {
  const { version: wanted, open, anyMinor, anyPatch } = constraint;
  if (!open) return compareVersions(candidate, wanted) !== 0;
  if (isUnaskedPrerelease(candidate, constraint)) return false;
  if (candidate.major !== wanted.major) return true;
  if (anyMinor) return false;
  if (candidate.minor !== wanted.minor) return true;
  if (!anyPatch) return compareVersions(candidate, wanted) !== 0;
  const named = candidate.prerelease !== "" || wanted.prerelease !== "";
  return named && comparePrereleases(candidate.prerelease, wanted.prerelease) !== 0;
};

const below = refusingPrereleases((candidate, { version: wanted }) => compareVersions(candidate, wanted) < 0);
const atLeast = refusingPrereleases(
  (candidate, { version: wanted }) => compareVersions(candidate, wanted) >= 0,
);

const checks: Readonly<Record<string, Check>> = {
  "": refusingPrereleases(equal),
  "=": refusingPrereleases(equal),
  "!=": notEqual,
  ">": refusingPrereleases(greater),
  "<": below,
  ">=": atLeast,
  "=>": atLeast,
  "<=": refusingPrereleases(atMost),
  "=<": refusingPrereleases(atMost),
  "~": refusingPrereleases(tilde),
  "~>": refusingPrereleases(tilde),
  "^": refusingPrereleases(caret),
};

/** `1.2 - 1.4` in comparisons. */
function rewriteRanges(text: string): string {
  return text.replaceAll(hyphenRange, (_, from, to) => `>= ${from}, <= ${to} `);
}

/**
 * Reads constraints as `>=1.2, <2 || ^3.1` (semver.NewConstraint): commas and spaces say and, `||` says or.
 * @throws GoError with the library's text
 */
export function parseConstraints(text: string): (candidate: Version) => boolean {
  const alternatives = rewriteRanges(text)
    .split("||")
    .map((segment) => {
      if (!several.test(segment)) throw new GoError(`improper constraint: ${segment}`);
      return (segment.match(each) ?? [segment]).map(parseOne);
    });
  return (candidate) =>
    alternatives.some((all) =>
      all.every((constraint) => checks[constraint.operator]?.(candidate, constraint) ?? false),
    );
}
