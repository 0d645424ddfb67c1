import type { RightsPlan } from "../../src/config/rights-plan.ts";

/** The rights of a definition that asks for none. */
export const noRights: RightsPlan = {
  group: undefined,
  umask: undefined,
  nice: undefined,
  limits: [],
  noNewPrivileges: false,
};
