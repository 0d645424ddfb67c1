import type { Encoder } from "../../src/logging/encoders.ts";
import { Logger } from "../../src/logging/logger.ts";

/** Messages alone, without an end. */
export const bareMessages: Encoder = {
  around: () => ({ head: "", tail: "" }),
  message: (text) => text,
  tailWith: (tail) => tail,
  keepsJson: false,
};

/** A log that nobody reads. */
export const silentLog = Logger.to(() => {}, { level: "error", encoder: bareMessages });
