import type { GoFunctionEntry } from "../values/index.ts";
import { entry } from "./entry.ts";

/** Go's path.Clean: the shortest equal path, by its text alone. */
function clean(path: string): string {
  const isRooted = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!isRooted) kept.push(part);
  }
  const joined = (isRooted ? "/" : "") + kept.join("/");
  return joined === "" ? "." : joined;
}

/** Go's path.Base: the last element, without the slashes after it. */
function base(path: string): string {
  if (path === "") return ".";
  const trimmed = path.replace(/\/+$/, "");
  return trimmed === "" ? "/" : trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

/** Go's path.Dir: all but the last element, cleaned. */
function dir(path: string): string {
  return clean(path.slice(0, path.lastIndexOf("/") + 1));
}

/** Go's path.Ext: from the last dot of the last element on. */
function ext(path: string): string {
  return /\.[^./]*$/.exec(path)?.[0] ?? "";
}

const isAbsolute = (path: string) => path.startsWith("/");

/** Paths (Go's path, and path/filepath on Linux, where the two agree). */
export const pathFunctions: readonly GoFunctionEntry[] = [
  entry("base", "func(string) string", ([path]) => base(path)),
  entry("clean", "func(string) string", ([path]) => clean(path)),
  entry("dir", "func(string) string", ([path]) => dir(path)),
  entry("ext", "func(string) string", ([path]) => ext(path)),
  entry("isAbs", "func(string) bool", ([path]) => isAbsolute(path)),
  entry("osBase", "func(string) string", ([path]) => base(path)),
  entry("osClean", "func(string) string", ([path]) => clean(path)),
  entry("osDir", "func(string) string", ([path]) => dir(path)),
  entry("osExt", "func(string) string", ([path]) => ext(path)),
  entry("osIsAbs", "func(string) bool", ([path]) => isAbsolute(path)),
];
