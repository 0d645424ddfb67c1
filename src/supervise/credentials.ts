import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
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

/** Credentials that are to be taken on, and how. */
export interface UserChange {
  readonly as: Credentials;
  /**
   * The path of util-linux's setpriv, which takes on all groups; undefined: Node does it, without supplementary groups.
   * Absolute, since the process may have a PATH of its own.
   */
  readonly setpriv: string | undefined;
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

/** The path of a setpriv that can change to this user; undefined: busybox's cannot, and a container may forbid it. */
export type SetprivProbe = (as: Credentials) => string | undefined;

/**
 * How to become the user of a definition; undefined when there is nothing to change.
 *
 * @throws SupervisorError `UNKNOWN_USER`, or `USER_NEEDS_ROOT` when it is not us and we are not root
 */
export function userChange(
  name: string,
  own: OwnIdentity = ownIdentity(),
  findSetpriv: SetprivProbe = probeSetpriv,
): UserChange | undefined {
  if (name === "") return undefined;
  const as = lookUpUser(name);
  if (own.uid !== 0) {
    if (as.uid === own.uid) return undefined;
    throw new SupervisorError("USER_NEEDS_ROOT", `user: cannot run as ${name} without being root`, {
      option: "user",
    });
  }
  return { as, setpriv: findSetpriv(as) };
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

const probed = new Map<string, string | undefined>();

function probeSetpriv(as: Credentials): string | undefined {
  if (probed.has(as.name)) return probed.get(as.name);
  const path = setprivPath();
  const works = path !== undefined && becomes(path, as);
  probed.set(as.name, works ? path : undefined);
  return probed.get(as.name);
}

function setprivPath(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(isAbsolute);
  return folders.map((folder) => join(folder, "setpriv")).find((path) => existsSync(path));
}

function becomes(setpriv: string, as: Credentials): boolean {
  const { status, stdout } = spawnSync(setpriv, [...setprivArguments(as), "id", "-u"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return status === 0 && stdout.trim() === String(as.uid);
}
