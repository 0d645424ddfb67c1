import type { MadeReplica } from "./make-supervisor.ts";
import type { Provisioned } from "./provision.ts";

/** What runs in one slot of the configuration. */
export interface Replica extends Provisioned, MadeReplica {}
