import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Location, utc } from "./location.ts";
import { parseTzif } from "./tzif.ts";

/** Where systems keep the IANA database (Go's time.platformZoneSources). */
const systemFolders = [
  "/usr/share/zoneinfo",
  "/usr/share/lib/zoneinfo",
  "/usr/lib/locale/TZ",
  "/etc/zoneinfo",
];

const loaded = new Map<string, Location>();

function readZone(folder: string, name: string): Location | undefined {
  try {
    return parseTzif(name, readFileSync(join(folder, Buffer.from(name, "latin1").toString())));
  } catch {
    return undefined;
  }
}

/**
 * The location of an IANA name, from the system's zone data (Go's time.LoadLocation). "" and "UTC" are UTC,
 * "Local" is `local`.
 *
 * @param zoneInfo A folder that is searched first (Go's ZONEINFO environment variable).
 * @returns undefined for a name that the system does not know or that is not a plain relative path.
 */
export function loadLocation(name: string, local: Location, zoneInfo = ""): Location | undefined {
  if (name === "" || name === "UTC") return utc;
  if (name === "Local") return local;
  if (name.includes("..") || name.startsWith("/") || name.startsWith("\\")) return undefined;
  const key = `${zoneInfo}\0${name}`;
  let location = loaded.get(key);
  for (const folder of zoneInfo === "" ? systemFolders : [zoneInfo, ...systemFolders]) {
    location ??= readZone(folder, name);
  }
  if (location) loaded.set(key, location);
  return location;
}

const locals = new Map<string, Location>();

/**
 * Go's time.Local for a process whose zone is `timeZone`: UTC where the system does not know it. It is a location of
 * its own even where it is UTC.
 */
export function localLocation(timeZone: string): Location {
  let location = locals.get(timeZone);
  if (!location) {
    location = (loadLocation(timeZone, utc) ?? utc).asLocal();
    locals.set(timeZone, location);
  }
  return location;
}
