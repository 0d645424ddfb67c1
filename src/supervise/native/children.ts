import { constants } from "node:fs";
import { endianness } from "node:os";
import type { LibraryHandle } from "koffi";
import type { ExitStatus } from "../exit-status.ts";
import { type Descriptors, descriptorMoves } from "./descriptor-moves.ts";
import { systemError } from "./system-error.ts";

export interface NativeProgram {
  /** Absolute path. */
  readonly file: string;
  readonly argv: readonly string[];
  /** `KEY=VALUE` */
  readonly env: readonly string[];
  /** Undefined: our own. */
  readonly dir: string | undefined;
  readonly descriptors: Descriptors;
}

/** A child that has ended and is not buried yet: its pid is nobody else's. */
export interface EndedChild {
  readonly pid: number;
  readonly status: ExitStatus;
  /** User and system time, in seconds, of itself and of those it has waited for. */
  readonly cpuTime: number;
  /** The most memory that one of them had in use, in bytes, or that we had when it was started: whichever is more. */
  readonly peakMemory: number;
}

export interface NativeChildren {
  /**
   * posix_spawn(3): the child borrows our memory until it becomes its program, where fork(2) copies the page tables of all
   * of it. It leads a session, blocks no signal and ignores none.
   *
   * @returns its pid
   * @throws a system error with its `code`
   */
  spawn(program: NativeProgram): number;
  /** The end of a child of ours, or of the first of all that have ended; undefined when there is none. It stays a zombie. */
  ended(pid?: number): EndedChild | undefined;
}

/** SYS_waitid: glibc's own waitid(3) hides what the kernel tells of the time that was used. */
const waitidNumbers: Readonly<Record<string, number>> = { x64: 247, arm64: 95, riscv64: 95, loong64: 95 };
const anyChild = 0;
const oneChild = 1;
/** WNOHANG | WEXITED | WNOWAIT */
const lookAtEnded = 0x0100_0005;
/** POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID */
const freshSession = 0x8c;
/** CLD_EXITED and CLD_DUMPED (waitid(2)); all else are signals without a dump. */
const hasExited = 1;
const hasDumped = 3;
/** More than any C library takes for these: 336, 80 and 128 bytes. */
const attributeSize = 512;
const actionsSize = 256;
const signalSetSize = 256;

/**
 * Undefined on systems whose structures have another layout than Linux's on 64 bits, and with a C library that cannot change
 * the folder of what it starts (glibc before 2.29: RHEL 8).
 */
export function nativeChildren(libc: LibraryHandle): NativeChildren | undefined {
  const waitidNumber = waitidNumbers[process.arch];
  if (process.platform !== "linux" || waitidNumber === undefined || endianness() !== "LE") return undefined;
  let spawn: NativeChildren["spawn"];
  try {
    spawn = posixSpawn(libc);
  } catch {
    return undefined;
  }
  const waitid = libc.func(
    "long syscall(long number, int kind, int pid, _Out_ void *info, int options, _Out_ void *usage)",
  );
  const info = Buffer.alloc(128);
  const usage = Buffer.alloc(144);
  return {
    spawn,
    ended(pid) {
      info.fill(0, 0, 32);
      const kind = pid === undefined ? anyChild : oneChild;
      // ECHILD: there is none at all.
      if (waitid(waitidNumber, kind, pid ?? 0, info, lookAtEnded, usage) !== 0) return undefined;
      const found = info.readInt32LE(16);
      if (found === 0) return undefined;
      return {
        pid: found,
        status: statusOf(info.readInt32LE(8), info.readInt32LE(24)),
        cpuTime: seconds(usage, 0) + seconds(usage, 16),
        peakMemory: Number(usage.readBigInt64LE(32)) * 1024,
      };
    },
  };
}

function statusOf(how: number, value: number): ExitStatus {
  return how === hasExited ? { code: value } : { signal: value, coreDumped: how === hasDumped };
}

/** A `struct timeval`. */
function seconds(usage: Buffer, at: number): number {
  return Number(usage.readBigInt64LE(at)) + Number(usage.readBigInt64LE(at + 8)) / 1e6;
}

function posixSpawn(libc: LibraryHandle): NativeChildren["spawn"] {
  const spawn = libc.func(
    "int posix_spawn(_Out_ int *pid, const char *path, void *actions, void *attributes, const char **argv, const char **env)",
  );
  const actions = fileActions(libc);
  const attributes = spawnAttributes(libc);
  const waitsForRoom = blocking(libc);
  return ({ file, argv, env, dir, descriptors }) => {
    const pid = [0];
    actions.begin();
    try {
      if (dir !== undefined) actions.chdir(dir);
      for (const descriptor of descriptors) if (descriptor !== "ignore") waitsForRoom(descriptor);
      for (const move of descriptorMoves(descriptors)) {
        if (move.kind === "null") actions.open(move.to, "/dev/null", constants.O_RDWR, 0);
        else if (move.kind === "duplicate") actions.duplicate(move.from, move.to);
        else actions.close(move.descriptor);
      }
      check(spawn(pid, file, actions.buffer, attributes, [...argv, null], [...env, null]), file);
    } finally {
      actions.end();
    }
    return pid[0] as number;
  };
}

function fileActions(libc: LibraryHandle) {
  const buffer = Buffer.alloc(actionsSize);
  const init = libc.func("int posix_spawn_file_actions_init(void *actions)");
  const destroy = libc.func("int posix_spawn_file_actions_destroy(void *actions)");
  const chdir = libc.func("int posix_spawn_file_actions_addchdir_np(void *actions, const char *path)");
  const open = libc.func(
    "int posix_spawn_file_actions_addopen(void *actions, int fd, const char *path, int flags, int mode)",
  );
  const duplicate = libc.func("int posix_spawn_file_actions_adddup2(void *actions, int from, int to)");
  const close = libc.func("int posix_spawn_file_actions_addclose(void *actions, int fd)");
  const checked =
    <Args extends unknown[]>(call: (buffer: Buffer, ...args: Args) => number) =>
    (...args: Args) =>
      check(call(buffer, ...args));
  return {
    buffer,
    begin: checked(init),
    end: () => destroy(buffer),
    chdir: checked<[path: string]>(chdir),
    open: checked<[fd: number, path: string, flags: number, mode: number]>(open),
    duplicate: checked<[from: number, to: number]>(duplicate),
    close: checked<[fd: number]>(close),
  };
}

/** Programs expect to wait when they write to what is full (O_NONBLOCK, open(2)). */
function blocking(libc: LibraryHandle): (descriptor: number) => void {
  const fcntl = libc.func("int fcntl(int fd, int command, int value)");
  const [getFlags, setFlags] = [3, 4];
  return (descriptor) => {
    const flags = fcntl(descriptor, getFlags, 0);
    if (flags >= 0 && (flags & constants.O_NONBLOCK) !== 0)
      fcntl(descriptor, setFlags, flags & ~constants.O_NONBLOCK);
  };
}

/** The same for all. */
function spawnAttributes(libc: LibraryHandle): Buffer {
  const attributes = Buffer.alloc(attributeSize);
  const none = Buffer.alloc(signalSetSize);
  const all = Buffer.alloc(signalSetSize, 0xff);
  check(libc.func("int posix_spawnattr_init(void *attributes)")(attributes));
  check(libc.func("int posix_spawnattr_setsigmask(void *attributes, const void *set)")(attributes, none));
  check(libc.func("int posix_spawnattr_setsigdefault(void *attributes, const void *set)")(attributes, all));
  check(libc.func("int posix_spawnattr_setflags(void *attributes, short flags)")(attributes, freshSession));
  return attributes;
}

/** These functions answer the errno. */
function check(result: number, path?: string): void {
  if (result !== 0) throw systemError(result, path);
}
