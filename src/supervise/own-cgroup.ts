import { readFileSync } from "node:fs";
import { join, relative } from "node:path";

interface Mount {
  /** The part of the hierarchy that is mounted. */
  readonly root: string;
  readonly point: string;
}

/**
 * The folder of our own cgroup in a version 1 hierarchy; undefined where it has none. Never throws.
 *
 * @param root what every path begins with, for tests
 */
export function controllerGroup(controller: string, root = "/"): string | undefined {
  return folderOf("cgroup", (controllers) => controllers.includes(controller), root);
}

/** As {@link controllerGroup}, in the one hierarchy of version 2. */
export function unifiedGroup(root = "/"): string | undefined {
  return folderOf("cgroup2", (controllers) => controllers.length === 0, root);
}

function folderOf(
  version: "cgroup" | "cgroup2",
  isWanted: (controllers: string[]) => boolean,
  root: string,
): string | undefined {
  const mounts = linesOf(join(root, "proc/self/mountinfo")).flatMap(cgroupMount);
  const groups = linesOf(join(root, "proc/self/cgroup")).map(splitGroup);
  const mount = mounts.find(
    ({ type, options }) => type === version && (version === "cgroup2" || isWanted(options)),
  );
  const group = groups.find(({ controllers }) => isWanted(controllers));
  if (mount === undefined || group === undefined) return undefined;
  return join(root, mount.point, below(group.path, mount));
}

/** `30 22 0:27 ROOT POINT OPTIONS … - TYPE SOURCE SUPEROPTIONS` (proc(5)); version 1 names its controllers in the last. */
function cgroupMount(line: string): (Mount & { type: string; options: string[] })[] {
  const [front = "", back = ""] = line.split(" - ");
  const [, , , root = "/", point = ""] = front.split(" ");
  const [type = "", , options = ""] = back.split(" ");
  return type.startsWith("cgroup") ? [{ root, point, type, options: options.split(",") }] : [];
}

/** `4:memory:/path` (cgroups(7)); version 2 has no controllers in it. */
function splitGroup(line: string): { controllers: string[]; path: string } {
  const [, controllers = "", ...path] = line.split(":");
  return { controllers: controllers.split(",").filter(Boolean), path: path.join(":") };
}

/** A container sees its own cgroup mounted as if it were the whole, under the path that the host knows. */
function below(path: string, { root }: Mount): string {
  if (root === "/") return path;
  const rest = relative(root, path);
  return rest.startsWith("..") ? "" : rest;
}

/** The lines of a small file of the kernel's; none when it cannot be read. */
export function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}
