// Where libfaketime is.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { aptInstall, canInstall, fail } from "../setup.mjs";

/** The environment in which clocks run `rate` times as fast. Installs the library where that can be done. */
export function fakeClock(rate) {
  if (find() === undefined && canInstall()) aptInstall(["libfaketime"]);
  const library = find() ?? fail("libfaketime is missing. As root: apt-get install libfaketime");
  return { LD_PRELOAD: library, FAKETIME: `+0 x${rate}` };
}

/** For programs with threads. Debian keeps it in a folder of its own beside the libraries of the machine's kind. */
function find() {
  return readdirSync("/usr/lib")
    .map((name) => join("/usr/lib", name, "faketime", "libfaketimeMT.so.1"))
    .find((path) => existsSync(path));
}
