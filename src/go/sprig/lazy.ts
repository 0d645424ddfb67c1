import { createRequire } from "node:module";

/**
 * A module that is loaded when it is first called for. Template functions are synchronous, so `import()` will not do;
 * most templates need none of the heavy modules.
 */
export function lazily<Module>(name: string): () => Module {
  let loaded: Module | undefined;
  return () => {
    loaded ??= createRequire(import.meta.filename)(name) as Module;
    return loaded;
  };
}

/** node:crypto */
export const nodeCrypto = lazily<typeof import("node:crypto")>("node:crypto");
/** node:child_process */
export const childProcess = lazily<typeof import("node:child_process")>("node:child_process");
/** node:net */
export const nodeNet = lazily<typeof import("node:net")>("node:net");
