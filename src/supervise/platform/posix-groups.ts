import type { Platform } from "./platform.ts";

/** Process groups, as POSIX has them: kill(2) with the number negated. */
export const posixGroups: Pick<Platform, "signalGroup" | "groupExists"> = {
  signalGroup(leader, signal) {
    try {
      process.kill(-leader, signal);
      return true;
    } catch {
      return false;
    }
  },
  groupExists(leader) {
    try {
      process.kill(-leader, 0);
      return true;
    } catch (error) {
      // Members that changed their user are still there.
      return (error as NodeJS.ErrnoException).code === "EPERM";
    }
  },
};
