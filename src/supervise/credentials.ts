import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { SupervisorError } from "../errors.ts";

/** Who a process runs as. */
export interface Credentials {
  /** Undefined for a number that the user database does not know. */
  readonly name: string | undefined;
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
  readonly home: string;
  readonly shell: string;
}

/** uid_t and gid_t; the last value means "leave it" to the system calls. */
const largestId = 2 ** 32 - 2;

/**
 * The user with this name or number, from the system's user database. A number without an entry is a user with no
 * other group than `group`, which must then be given: to take a group for granted could be to grant one.
 *
 * @throws SupervisorError `UNKNOWN_USER`, with Go's text for a name (`user: unknown user NAME`)
 */
export function lookUpUser(given: string, group: string | undefined): Credentials {
  const entry = databaseLine("passwd", given);
  const gid = group === undefined ? undefined : lookUpGroup(group);
  if (entry === undefined) {
    const uid = idFrom(given);
    if (uid === undefined) throw unknown(`user: unknown user ${given}`, "user");
    if (gid === undefined) {
      throw unknown(`user: number ${given} is not in the user database`, "user", "set 'group' too");
    }
    return { name: undefined, uid, gid, groups: [], home: "/", shell: "/bin/sh" };
  }
  const [name = "", , uid, ownGid, , home, shell] = entry.split(":");
  return {
    name,
    uid: Number(uid),
    gid: gid ?? Number(ownGid),
    groups: groupsOf(name),
    home: home || "/",
    shell: shell || "/bin/sh",
  };
}

/**
 * The number of the group with this name or number.
 *
 * @throws SupervisorError `UNKNOWN_USER`
 */
export function lookUpGroup(given: string): number {
  const entry = databaseLine("group", given);
  const gid = entry === undefined ? idFrom(given) : Number(entry.split(":")[2]);
  if (gid === undefined) {
    throw unknown(
      `group: unknown group ${given}`,
      "group",
      "`getent group` lists the groups of this machine",
    );
  }
  return gid;
}

function unknown(message: string, option: string, hint?: string): SupervisorError {
  return new SupervisorError("UNKNOWN_USER", message, { option, hint });
}

function idFrom(text: string): number | undefined {
  return /^[0-9]{1,10}$/.test(text) && Number(text) <= largestId ? Number(text) : undefined;
}

/** The files first: they need no process. What is known elsewhere (LDAP, systemd) comes through getent(1). */
function databaseLine(database: "passwd" | "group", key: string): string | undefined {
  if (key === "" || /[:\n]/.test(key)) return undefined;
  const isNumber = idFrom(key) !== undefined;
  const matches = (line: string) => {
    const [name, , id] = line.split(":");
    return name === key || (isNumber && id === String(Number(key)));
  };
  const local = readLines(`/etc/${database}`).filter(matches);
  if (local.length > 0) return local.find((line) => line.startsWith(`${key}:`)) ?? local[0];
  const { stdout } = spawnSync("getent", ["--", database, key], { encoding: "utf8" });
  return (stdout ?? "").split("\n").find(matches);
}

function groupsOf(name: string): number[] {
  const { status, stdout } = spawnSync("id", ["-G", "--", name], { encoding: "utf8" });
  if (status === 0) return stdout.trim().split(/\s+/).map(Number);
  return readLines("/etc/group")
    .map((line) => line.split(":"))
    .filter(([, , , members]) => members?.split(",").includes(name))
    .map(([, , gid]) => Number(gid));
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
}
