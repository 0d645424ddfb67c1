import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The part of it that we use. */
type Koffi = Pick<typeof import("koffi"), "load" | "errno">;

/** Undefined where koffi is not installed or has no binary for this machine. */
export async function loadKoffi(): Promise<Koffi | undefined> {
  try {
    return loadDirectly() ?? (await import("koffi")).default;
  } catch {
    return undefined;
  }
}

/**
 * koffi's own loader looks through the machine for four milliseconds, a tenth of a start. Where there is no doubt which
 * binary it would take, we take it ourselves; undefined where there is.
 */
function loadDirectly(): Koffi | undefined {
  const { platform, arch } = process;
  const system = muslLoaders[arch];
  // With two C libraries on one machine only a look into Node's own binary tells which is ours.
  if (platform !== "linux" || system === undefined || existsSync(system)) return undefined;
  const path = inPackages(join("@koromix", `koffi-linux-${arch}`, `linux_${arch}`, "koffi.node"));
  if (path === undefined) return undefined;
  const module = { exports: {} };
  process.dlopen(module, path);
  return module.exports as Koffi;
}

const muslLoaders: Readonly<Record<string, string>> = {
  x64: "/lib/ld-musl-x86_64.so.1",
  arm64: "/lib/ld-musl-aarch64.so.1",
};

/** A file of another package: in the first `node_modules` on the way up that has it, as Node itself looks. */
function inPackages(name: string): string | undefined {
  let folder = import.meta.dirname;
  for (;;) {
    const path = join(folder, "node_modules", name);
    if (existsSync(path)) return path;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}
