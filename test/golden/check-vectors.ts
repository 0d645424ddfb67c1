import { readFileSync } from "node:fs";
import { checkVector, type Fault, type VectorApi } from "../../scripts/vector-kinds.mjs";
import { toSupervisors } from "../../src/app/to-supervisors.ts";
import { format, parse, tokenize } from "../../src/caddyfile/index.ts";
import { adapt } from "../../src/config/adapt.ts";
import { formatDuration, parseDuration } from "../../src/go/duration.ts";
import { parseInteger } from "../../src/go/integers.ts";
import { executeOptions } from "../../src/go/template/index.ts";

const api: VectorApi = {
  adapt,
  executeOptions,
  format,
  formatDuration,
  parse,
  parseDuration,
  parseInteger,
  tokenize,
  toSupervisors,
};

/** The faults of one vector, judged by the sources as `npm run vectors` judges them by the built package. */
export function faultsOf(vector: object): Fault[] {
  return checkVector(vector, api);
}

/** How many vectors of each family passed when last recorded: never fewer again. */
export const floors = JSON.parse(readFileSync(new URL("floors.json", import.meta.url), "utf8")) as Readonly<
  Record<"caddyfile" | "durations" | "format" | "integers" | "templates", number>
>;
