import { nodeStarter } from "../supervise/node-starter.ts";
import type { Starter } from "../supervise/starter.ts";
import { nativeTether, nodeTether, type StartTethered } from "./tether.ts";

/** How an instance starts its processes, and its guard. */
export interface Starting {
  readonly starter: Starter;
  readonly tether: StartTethered;
}

/** By Node alone. */
export const nodeStarting: Starting = { starter: nodeStarter, tether: nodeTether };

/** By the best starter that this machine has; not for a worker thread, which hears of no signal. */
export async function bestStarting(): Promise<Starting> {
  const { openStarter } = await import("../supervise/native-starter.ts");
  const { loadNative } = await import("../supervise/native/native.ts");
  const starter = await openStarter();
  const native = starter === nodeStarter ? undefined : await loadNative();
  return native === undefined ? nodeStarting : { starter, tether: nativeTether(starter, native.pipe) };
}
