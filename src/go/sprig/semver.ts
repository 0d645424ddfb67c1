import {
  basicTypes,
  encodeUtf8,
  GoError,
  type GoFunctionEntry,
  type GoMethod,
  GoPointer,
  GoScalar,
  GoSlice,
  GoStruct,
  type GoType,
  type GoValue,
  int,
  pointerTo,
  scalar,
  sliceOf,
  stringOf,
  stringType,
} from "../values/index.ts";
import { entry } from "./entry.ts";
import { jsonString } from "./json-text.ts";
import {
  checkMetadata,
  checkPrerelease,
  compareVersions,
  parseVersion,
  type Version,
  versionText,
} from "./version.ts";
import { parseConstraints } from "./version-constraint.ts";

const methods = new Map<string, GoMethod>();
const pointerMethods = new Map<string, GoMethod>();

const versionType: GoType = {
  kind: "struct",
  name: "semver.Version",
  fields: [
    { name: "major", type: basicTypes.uint64 },
    { name: "minor", type: basicTypes.uint64 },
    { name: "patch", type: basicTypes.uint64 },
    { name: "pre", type: stringType },
    { name: "metadata", type: stringType },
    { name: "original", type: stringType },
  ],
  methods,
};

/**
 * `*semver.Version`, with the methods that only a pointer has: put on the interned type itself, which is the one that
 * signatures name.
 */
const versionPointerType: GoType = Object.assign(pointerTo(versionType), { methods: pointerMethods });

const zeroVersion: Version = { major: 0n, minor: 0n, patch: 0n, prerelease: "", metadata: "", original: "" };

function goVersion(version: Version): GoStruct<Version> {
  const { major, minor, patch, prerelease, metadata, original } = version;
  const numbers = [major, minor, patch].map((number) => new GoScalar(basicTypes.uint64, number));
  return new GoStruct(versionType, [...numbers, prerelease, metadata, original], version);
}

function versionOf(value: GoValue | undefined): Version {
  const struct = value instanceof GoPointer ? value.target : value;
  if (struct === null) throw new GoError("runtime error: invalid memory address or nil pointer dereference");
  return (struct instanceof GoStruct && (struct.native as Version | undefined)) || zeroVersion;
}

/** A version made from another: its original text is the new one, with the v if there was one. */
function derived(version: Version, changes: Partial<Version>): GoStruct<Version> {
  const changed = { ...version, ...changes };
  const prefix = version.original.startsWith("v") ? "v" : "";
  return goVersion({ ...changed, original: prefix + versionText(changed) });
}

const release = { prerelease: "", metadata: "" };

function nextPatch(version: Version): GoValue {
  // The patch that a prerelease precedes is its own.
  return derived(version, { ...release, patch: version.patch + (version.prerelease === "" ? 1n : 0n) });
}

function withPrerelease(version: Version, prerelease: string): GoValue {
  if (prerelease !== "") checkPrerelease(prerelease);
  return derived(version, { prerelease });
}

function withMetadata(version: Version, metadata: string): GoValue {
  checkMetadata(metadata);
  return derived(version, { metadata });
}

function bytes(text: string): GoValue {
  const items = [...text].map((byte) => scalar(basicTypes.uint8, BigInt(byte.charCodeAt(0))));
  return new GoSlice(sliceOf(basicTypes.uint8), items);
}

type Compute = (version: Version, argument: GoValue | undefined) => GoValue;
type Row = readonly [name: string, signature: string, compute: Compute];

const number = (value: bigint) => new GoScalar(basicTypes.uint64, value);
const textOf = (value: GoValue | undefined) => stringOf(value ?? null) ?? "";
const comparison =
  (holds: (order: number) => boolean): Compute =>
  (version, other) =>
    holds(compareVersions(version, versionOf(other)));

const valueRows: readonly Row[] = [
  [
    "IncMajor",
    "func() semver.Version",
    (own) => derived(own, { ...release, major: own.major + 1n, minor: 0n, patch: 0n }),
  ],
  [
    "IncMinor",
    "func() semver.Version",
    (own) => derived(own, { ...release, minor: own.minor + 1n, patch: 0n }),
  ],
  ["IncPatch", "func() semver.Version", nextPatch],
  ["Major", "func() uint64", ({ major }) => number(major)],
  ["MarshalJSON", "func() ([]uint8, error)", (own) => bytes(jsonString(encodeUtf8(versionText(own)), true))],
  ["MarshalText", "func() ([]uint8, error)", (own) => bytes(versionText(own))],
  ["Metadata", "func() string", ({ metadata }) => metadata],
  ["Minor", "func() uint64", ({ minor }) => number(minor)],
  ["Patch", "func() uint64", ({ patch }) => number(patch)],
  ["Prerelease", "func() string", ({ prerelease }) => prerelease],
  ["SetMetadata", "func(string) (semver.Version, error)", (own, text) => withMetadata(own, textOf(text))],
  ["SetPrerelease", "func(string) (semver.Version, error)", (own, text) => withPrerelease(own, textOf(text))],
  ["String", "func() string", versionText],
];

const pointerRows: readonly Row[] = [
  ["Compare", "func(*semver.Version) int", (own, other) => int(compareVersions(own, versionOf(other)))],
  ["Equal", "func(*semver.Version) bool", comparison((order) => order === 0)],
  ["GreaterThan", "func(*semver.Version) bool", comparison((order) => order > 0)],
  ["GreaterThanEqual", "func(*semver.Version) bool", comparison((order) => order >= 0)],
  ["LessThan", "func(*semver.Version) bool", comparison((order) => order < 0)],
  ["LessThanEqual", "func(*semver.Version) bool", comparison((order) => order <= 0)],
  ["Original", "func() string", ({ original }) => original],
];

const types = [versionType, versionPointerType];
for (const [table, rows] of [
  [methods, valueRows],
  [pointerMethods, pointerRows],
] as const) {
  for (const [name, signature, compute] of rows) {
    const call: GoMethod["call"] = (receiver, args) => compute(versionOf(receiver), args[0]);
    table.set(name, { name, signature, types, call });
  }
}

/** Versions (sprig semver.go on Masterminds/semver 3.3.0). */
export const semverFunctions: readonly GoFunctionEntry[] = [
  entry(
    "semver",
    "func(string) (*semver.Version, error)",
    ([text]) => new GoPointer(versionPointerType, goVersion(parseVersion(text))),
    types,
  ),
  entry("semverCompare", "func(string, string) (bool, error)", ([constraints, version]) =>
    parseConstraints(constraints)(parseVersion(version)),
  ),
];
