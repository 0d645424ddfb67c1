import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import { errnoText } from "../supervise/lookup.ts";

/**
 * Why a file that can be written could never be rolled, in Go's text of the system's error; undefined when it could. To
 * roll is to rename: that asks for rights in the folder, not in the file (rename(2)).
 */
export function rollFault(path: string): string | undefined {
  const folder = dirname(path);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return isKeptFromUs(path, folder) ? errnoText({ code: "EPERM" }) : undefined;
  } catch (error) {
    return errnoText(error);
  }
}

const stickyBit = 0o1000;

/** In a folder such as /tmp only the owner of a file, or of the folder, or root may rename it (inode(7), S_ISVTX). */
function isKeptFromUs(path: string, folder: string): boolean {
  const { mode, uid: folderOwner } = statSync(folder);
  const us = process.geteuid?.() ?? 0;
  return (mode & stickyBit) !== 0 && ![0, folderOwner, statSync(path).uid].includes(us);
}
