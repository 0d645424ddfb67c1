import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { SupervisorError } from "../errors.ts";

/** Who a process runs as, to the kernel. */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups, the group itself among them, as initgroups(3) sets them; none: they stay as they are. */
  readonly groups: readonly number[];
}

export interface User extends Credentials {
  readonly login: Login;
}

/** What a process is told of its user. Undefined: the number has no entry in the user database. */
export interface Login {
  readonly name: string | undefined;
  readonly home: string;
  readonly shell: string | undefined;
}

/** The largest id; the number above it means "leave it" to setresuid(2). */
const maximumId = 2 ** 32 - 2;

/**
 * The user with this name or, when nobody has the name, with this number. A number without an entry is a user too: with a group of
 * the same number (never ours), no other groups, and `/` as home.
 *
 * @param group the group to run as in place of the user's own
 * @throws SupervisorError `UNKNOWN_USER` with Go's text (`user: unknown user NAME`)
 */
export function lookUpUser(nameOrId: string, group?: number): User {
  const fields = entry("passwd", nameOrId);
  if (fields === undefined) {
    const uid = id(nameOrId);
    if (uid === undefined) {
      throw new SupervisorError("UNKNOWN_USER", `user: unknown user ${nameOrId}`, { option: "user" });
    }
    const gid = group ?? uid;
    return { uid, gid, groups: [gid], login: { name: undefined, home: "/", shell: undefined } };
  }
  const [name = "", , uid, primary, , home, shell] = fields;
  const gid = group ?? Number(primary);
  // passwd(5): an empty shell is /bin/sh.
  const login = { name, home: home || "/", shell: shell || "/bin/sh" };
  return { uid: Number(uid), gid, groups: groupsOf(name, Number(primary), gid), login };
}

/**
 * The group with this name or number.
 *
 * @throws SupervisorError `UNKNOWN_GROUP` with Go's text
 */
export function lookUpGroup(nameOrId: string): number {
  const gid = entry("group", nameOrId)?.[2] ?? id(nameOrId);
  if (gid !== undefined) return Number(gid);
  throw new SupervisorError("UNKNOWN_GROUP", `group: unknown group ${nameOrId}`, { option: "group" });
}

function id(text: string): number | undefined {
  return /^(0|[1-9][0-9]{0,9})$/.test(text) && Number(text) <= maximumId ? Number(text) : undefined;
}

/**
 * The fields of an entry, by name first, then by number: /etc needs no process, names from elsewhere (LDAP, systemd) come through
 * getent(1).
 */
function entry(database: "passwd" | "group", nameOrId: string): string[] | undefined {
  if (nameOrId === "" || /[:\0\n]/.test(nameOrId)) return undefined;
  const number = id(nameOrId);
  const pick = (lines: readonly string[]) => {
    const entries = lines.map((line) => line.split(":")).filter(({ length }) => length > 3);
    return (
      entries.find(([name]) => name === nameOrId) ??
      entries.find((fields) => number !== undefined && fields[2] === String(number))
    );
  };
  return pick(linesOf(`/etc/${database}`)) ?? pick(answer("getent", ["--", database, nameOrId]).split("\n"));
}

/**
 * As initgroups(3) with this gid: the groups that the user is a member of, and the gid. id(1) also counts the primary group, which
 * does not belong to it when another was asked for.
 */
function groupsOf(name: string, primary: number, gid: number): number[] {
  const told = answer("id", ["-G", "--", name]).trim();
  const listed = linesOf("/etc/group")
    .map((line) => line.split(":"))
    .filter(([, , , members]) => members?.split(",").includes(name))
    .map(([, , group]) => Number(group));
  const all = told === "" ? listed : told.split(/\s+/).map(Number);
  const memberships = all.filter((group) => group !== primary || listed.includes(group));
  return [...new Set([gid, ...memberships])];
}

function answer(program: string, args: readonly string[]): string {
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8", timeout: 5_000 });
  return status === 0 ? stdout : "";
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
}
