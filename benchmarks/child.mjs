// The supervised process: child.c, built in the scratch folder.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fail, onPath, root } from "../scripts/setup.mjs";

/** Builds it and gives its path. A static program starts in a fraction of the time that a dynamic one needs. */
export function buildChild(folder) {
  const compiler = ["gcc", "cc", "clang"].find((name) => onPath(name));
  if (compiler === undefined)
    fail("The benchmarks need a C compiler (gcc, libc6-dev) for the process they run.");
  const path = join(folder, "bench-child");
  const { status } = spawnSync(
    compiler,
    ["-O2", "-static", "-s", "-o", path, join(root, "benchmarks", "child.c")],
    { stdio: "inherit" },
  );
  if (status !== 0) fail("benchmarks/child.c could not be built");
  return path;
}
