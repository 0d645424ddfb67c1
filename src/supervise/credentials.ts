import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { SupervisorError } from "../errors.ts";

/** The user that a process runs as. */
export interface Credentials {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
  readonly home: string;
}

/** How the user is changed: with all groups by util-linux's setpriv, or by Node without supplementary groups. */
export type Switch = "setpriv" | "node";

/** Credentials that are to be taken on, and how; undefined when the process runs as we do. */
export interface UserChange {
  readonly as: Credentials;
  readonly by: Switch;
}

/**
 * The user with this name, from the system's user database.
 *
 * @throws SupervisorError `UNKNOWN_USER` with Go's text (`user: unknown user NAME`)
 */
export function lookUpUser(name: string): Credentials {
  const line = passwdLine(name);
  if (line === undefined) {
    throw new SupervisorError("UNKNOWN_USER", `user: unknown user ${name}`, { option: "user" });
  }
  const [, , uid, gid, , home] = line.split(":");
  return { name, uid: Number(uid), gid: Number(gid), groups: groupsOf(name), home: home || "/" };
}

/** /etc/passwd first: it needs no process. Names from elsewhere (LDAP, systemd) come through getent(1). */
function passwdLine(name: string): string | undefined {
  if (name === "" || name.includes(":")) return undefined;
  const isName = (line: string) => line.startsWith(`${name}:`);
  const local = readLines("/etc/passwd").find(isName);
  if (local !== undefined) return local;
  const { stdout } = spawnSync("getent", ["--", "passwd", name], { encoding: "utf8" });
  // getent also takes a number; a name is asked for here.
  return (stdout ?? "").split("\n").find(isName);
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

/** What is known of our own process; tests hand in another. */
export interface OwnIdentity {
  readonly uid: number;
  readonly gid: number;
}

/** Tells once for each user whether setpriv can change to it: busybox's cannot, and a container may forbid it. */
export type SetprivProbe = (as: Credentials) => boolean;

/**
 * How to become the user of a definition; undefined when there is nothing to change.
 *
 * @throws SupervisorError `UNKNOWN_USER`, or `USER_NEEDS_ROOT` when it is not us and we are not root
 */
export function userChange(
  name: string,
  own: OwnIdentity = ownIdentity(),
  canSetpriv: SetprivProbe = probeSetpriv,
): UserChange | undefined {
  if (name === "") return undefined;
  const as = lookUpUser(name);
  if (own.uid !== 0) {
    if (as.uid === own.uid) return undefined;
    throw new SupervisorError("USER_NEEDS_ROOT", `user: cannot run as ${name} without being root`, {
      option: "user",
    });
  }
  return { as, by: canSetpriv(as) ? "setpriv" : "node" };
}

export function ownIdentity(): OwnIdentity {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}

/**
 * The arguments with which setpriv becomes a user and runs what follows them. Numbers, not names: two names may share
 * a uid, and the groups wanted are those of the name that was asked for.
 */
export function setprivArguments({ uid, gid, groups }: Credentials): string[] {
  const supplementary = groups.length > 0 ? groups : [gid];
  return [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    `--groups=${supplementary.join(",")}`,
    ...(uid === 0 ? [] : ["--inh-caps=-all"]),
    "--",
  ];
}

const probed = new Map<string, boolean>();

function probeSetpriv(as: Credentials): boolean {
  const before = probed.get(as.name);
  if (before !== undefined) return before;
  const { status, stdout } = spawnSync("setpriv", [...setprivArguments(as), "id", "-u"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const works = status === 0 && stdout.trim() === String(as.uid);
  probed.set(as.name, works);
  return works;
}
