import { spawnSync } from "node:child_process";
import { expect } from "vitest";

/** Mounts a tmpfs of this size over a folder. False where we may not, which in CI is a failure. */
export function mountSmallDisk(folder: string, kibibytes: number): boolean {
  const args = ["-t", "tmpfs", "-o", `size=${kibibytes}k`, "tmpfs", folder];
  const mounted = spawnSync("mount", args).status === 0;
  if (!mounted) {
    expect(process.env.CI, "this test must be able to mount a tmpfs").toBeUndefined();
    console.warn("no right to mount a tmpfs: a full disk is not tested");
  }
  return mounted;
}

export function unmount(folder: string): void {
  spawnSync("umount", ["-l", folder]);
}

/** Does something while a folder is a small disk; nothing where none can be mounted. */
export async function onSmallDisk(
  folder: string,
  kibibytes: number,
  action: () => Promise<void>,
): Promise<void> {
  if (!mountSmallDisk(folder, kibibytes)) return;
  try {
    await action();
  } finally {
    unmount(folder);
  }
}
