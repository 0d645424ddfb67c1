import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { SupervisorError } from "../errors.ts";
import { errnoText } from "../supervise/lookup.ts";
import { isHeld } from "./lock.ts";

/** sun_path holds 108 bytes with its end mark (unix(7)). */
const longestSocketPath = 107;
/** The longest name of a socket in it. */
const controlSocket = "control.sock";

/** Where an instance keeps its lock, state file and sockets: a 0700 folder of its own. */
export interface RunFolder {
  /** The instance's name: a short hash, also the first part of every marker. */
  readonly instance: string;
  readonly path: string;
  /** Whether it was there already: its last user did not end in an orderly way, or is still there. */
  readonly existed: boolean;
}

/**
 * The folder of the instance that runs this configuration. It is created if need be.
 *
 * @param key what names the instance: the config's path, or the admin address when it came from stdin
 * @throws SupervisorError `RUN_FOLDER`
 */
export function openRunFolder(
  key: string,
  env: NodeJS.ProcessEnv = process.env,
  uid = process.getuid?.() ?? 0,
): RunFolder {
  const instance = instanceName(key);
  const base = baseFolder(env, uid);
  const path = join(base, instance);
  if (Buffer.byteLength(join(path, controlSocket)) > longestSocketPath) {
    throw new SupervisorError("RUN_FOLDER", `${path}: too long for a socket path`, {
      hint: "set XDG_RUNTIME_DIR or TMPDIR to a shorter folder",
    });
  }
  makePrivate(base);
  const existed = !makePrivate(path);
  return { instance, path, existed };
}

/** The name of an instance: a link and its target are one configuration. */
export function instanceName(key: string): string {
  return shortHash(realOrGiven(key));
}

/**
 * FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/). Nobody but ourselves chooses what is hashed, so it need not
 * be a cryptographic one: to load node:crypto would take a thirtieth of the whole start.
 */
function shortHash(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0").slice(0, 12);
}

/** Where an instance can be asked for its state, and told what to do. */
export function controlSocketOf({ path }: Pick<RunFolder, "path">): string {
  return join(path, controlSocket);
}

/** The control sockets of all instances that this user runs. What one left behind that was killed does not count. */
export function allControlSockets(env: NodeJS.ProcessEnv, uid: number): string[] {
  const base = baseFolder(env, uid);
  try {
    return readdirSync(base)
      .filter((name) => isHeld(join(base, name)))
      .flatMap((name) => socketIn(base, name) ?? []);
  } catch {
    return [];
  }
}

/** The control socket of the instance that runs this configuration; undefined when there is none. */
export function controlSocketFor(key: string, env: NodeJS.ProcessEnv, uid: number): string | undefined {
  return socketIn(baseFolder(env, uid), instanceName(key));
}

/** Whoever else can make a socket there must not be told a configuration, or answer in our name. */
function socketIn(base: string, name: string): string | undefined {
  const path = join(base, name);
  const socket = controlSocketOf({ path });
  return [base, path].every((folder) => isThere(folder) && isPrivate(folder)) && existsSync(socket)
    ? socket
    : undefined;
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Only our user may enter it. */
function isPrivate(path: string): boolean {
  const stats = lstatSync(path);
  const own = process.getuid?.() ?? stats.uid;
  return stats.isDirectory() && stats.uid === own && (stats.mode & 0o077) === 0;
}

function realOrGiven(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function baseFolder(env: NodeJS.ProcessEnv, uid: number): string {
  if (uid === 0) return "/run/caddy-supervisor";
  if (env.XDG_RUNTIME_DIR) return join(env.XDG_RUNTIME_DIR, "caddy-supervisor");
  return join(tmpdir(), `caddy-supervisor-${uid}`);
}

function makeFolder(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * A folder that is ours and that nobody else may enter; a link or a stranger's folder in its place is refused. Tells
 * whether it had to be made.
 */
function makePrivate(path: string): boolean {
  try {
    const made = makeFolder(path);
    if (isPrivate(path)) return made;
  } catch (cause) {
    // Its last user has removed it just now: the caller tries again.
    if ((cause as NodeJS.ErrnoException).code === "ENOENT" && existsSync(dirname(path))) throw cause;
    throw new SupervisorError("RUN_FOLDER", `mkdir ${path}: ${errnoText(cause)}`, { cause });
  }
  throw new SupervisorError("RUN_FOLDER", `${path} is not a folder that only our user may enter`, {
    hint: "remove it, or give it to our user with mode 0700",
  });
}
