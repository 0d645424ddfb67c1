import type { Document } from "../caddy/private-config.ts";
import { adaptDocument } from "./adapt-document.ts";
import type { ConfigDoor } from "./config-door.ts";
import type { LoadOptions } from "./load-config.ts";

/** The configuration of a daemon that cannot change it. */
export function standingConfig(document: Document, options: LoadOptions): ConfigDoor {
  return {
    document: () => document,
    load: () => Promise.reject(new Error("this version cannot change a running configuration")),
    adapt: (text, adapter) => adaptDocument(text, adapter, options),
  };
}
