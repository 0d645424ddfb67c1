import { Logger } from "../../src/logging/logger.ts";

/** A log that nobody reads. */
export const silentLog = Logger.to(() => {}, { level: "error", encoder: () => "" });
