// Adds to package-lock.json the optional packages of other platforms that the registry at hand does not have: npm leaves
// them out, and then `npm ci` refuses the lock file everywhere. Run it after `npm install` has changed the lock file.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

const path = join(root, "package-lock.json");
const lock = JSON.parse(readFileSync(path, "utf8"));
const systems = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const libraries = { gnu: "glibc", gnueabihf: "glibc", musl: "musl", musleabihf: "musl" };

let added = 0;
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] !== undefined) continue;
    const words = name.split("/").at(-1).split("-");
    const at = words.findIndex((word) => systems.includes(word));
    // Not a package for one platform: its absence is for a person to look at.
    if (at < 0) throw new Error(`${name}: optional, and not in the lock file`);
    const library = libraries[words.at(-1)];
    lock.packages[key] = {
      version,
      cpu: [words[at + 1]],
      ...(entry.dev ? { dev: true } : {}),
      ...(library === undefined ? {} : { libc: [library] }),
      optional: true,
      os: [words[at]],
    };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(`${added} packages of other platforms added`);
