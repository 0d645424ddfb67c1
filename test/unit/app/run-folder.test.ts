import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { takeLock } from "../../../src/app/lock.ts";
import {
  allControlSockets,
  controlSocketFor,
  instanceName,
  openRunFolder,
} from "../../../src/app/run-folder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "run-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("names a link and its target alike", () => {
  writeFileSync(join(folder, "Caddyfile"), "");
  symlinkSync("Caddyfile", join(folder, "link"));
  expect(instanceName(join(folder, "link"))).toBe(instanceName(join(folder, "Caddyfile")));
  expect(instanceName(join(folder, "link"))).toMatch(/^[0-9a-f]{12}$/);
  expect(instanceName("localhost:2019")).not.toBe(instanceName("localhost:2020"));
});

const asRoot = process.getuid?.() === 0;
const key = () => join(folder, "Caddyfile");
const base = () => (asRoot ? "/run/caddy-supervisor" : join(folder, "caddy-supervisor"));
const open = () => openRunFolder(key(), { XDG_RUNTIME_DIR: folder });

it("makes a folder that only we may enter, and tells whether it was there", () => {
  const first = open();
  expect([first.existed, open().existed]).toEqual([false, true]);
  expect(first.path).toBe(join(base(), first.instance));
  expect(statSync(first.path).mode & 0o777).toBe(0o700);
  rmSync(first.path, { recursive: true });
});

it("refuses a link or an open folder in its place", () => {
  const path = join(base(), instanceName(key()));
  mkdirSync(base(), { recursive: true, mode: 0o700 });
  symlinkSync(folder, path);
  expect(open).toThrow(`${path} is not a folder that only our user may enter`);
  rmSync(path);
  mkdirSync(path);
  chmodSync(path, 0o755);
  expect(open).toThrow(`${path} is not a folder that only our user may enter`);
  rmSync(path, { recursive: true });
});

it("refuses a path that is too long for a socket", () => {
  const long = join(folder, "x".repeat(100));
  const asSomebody = () => openRunFolder(key(), { XDG_RUNTIME_DIR: long }, 1000);
  expect(asSomebody).toThrow("too long for a socket path");
});

it("a client looks for sockets only where nobody else can make one", () => {
  const env = { XDG_RUNTIME_DIR: folder };
  const user = process.getuid?.() || 1;
  const own = join(folder, "caddy-supervisor");
  const instance = join(own, instanceName(key()));
  const socket = join(instance, "control.sock");
  const found = () => [controlSocketFor(key(), env, user), allControlSockets(env, user)];
  expect(found()).toEqual([undefined, []]);
  mkdirSync(instance, { recursive: true, mode: 0o700 });
  writeFileSync(socket, "");
  // Of one that was killed only the files are left.
  expect(found()).toEqual([socket, []]);
  takeLock(instance);
  expect(found()).toEqual([socket, [socket]]);
  for (const path of [own, instance]) {
    chmodSync(path, 0o755);
    expect(found()).toEqual([undefined, []]);
    chmodSync(path, 0o700);
  }
  if (asRoot) {
    chownSync(own, 65_534, 65_534);
    expect(found()).toEqual([undefined, []]);
  }
});
