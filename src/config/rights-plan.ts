import type { Definition } from "./definition.ts";
import { invalid } from "./invalid.ts";
import { readSize } from "./size.ts";

/** What a process may do and use, beyond who it is. Undefined: as we ourselves. */
export interface RightsPlan {
  readonly group: string | undefined;
  readonly umask: number | undefined;
  readonly nice: number | undefined;
  readonly limits: readonly ResourceLimit[];
  readonly noNewPrivileges: boolean;
}

export interface ResourceLimit {
  /** As prlimit(1) calls it: `nofile`, `as` … */
  readonly resource: string;
  readonly soft: LimitValue;
  readonly hard: LimitValue;
}

export type LimitValue = number | "unlimited";

/** The resources of prlimit(1), and whether they are counted in bytes. */
const resources: Readonly<Record<string, "bytes" | "number">> = {
  as: "bytes",
  core: "bytes",
  cpu: "number",
  data: "bytes",
  fsize: "bytes",
  locks: "number",
  memlock: "bytes",
  msgqueue: "bytes",
  nice: "number",
  nofile: "number",
  nproc: "number",
  rss: "bytes",
  rtprio: "number",
  rttime: "number",
  sigpending: "number",
  stack: "bytes",
};

export const resourceNames: readonly string[] = Object.keys(resources);

/** @throws SupervisorError `DEFINITION` */
export function planRights({ group, umask, nice, limits, noNewPrivileges }: Definition): RightsPlan {
  if (nice !== undefined && !(nice >= -20 && nice <= 19))
    throw invalid("nice", `'nice' should be from -20 to 19, '${nice}' given`);
  return {
    group: group || undefined,
    umask: umask ? parseUmask(umask) : undefined,
    nice,
    limits: Object.entries(limits ?? {}).map(([resource, text]) => parseLimit(resource, text)),
    noNewPrivileges: noNewPrivileges ?? false,
  };
}

function parseUmask(text: string): number {
  if (/^[0-7]{1,4}$/.test(text) && Number.parseInt(text, 8) <= 0o777) return Number.parseInt(text, 8);
  throw invalid("umask", `'umask' should be octal, '${text}' given`, "write it as 0027");
}

/** `N`, `SOFT:HARD`, either of them `unlimited`. */
function parseLimit(resource: string, text: string): ResourceLimit {
  const unit = Object.hasOwn(resources, resource) ? resources[resource] : undefined;
  if (unit === undefined) {
    throw invalid("limits", `unknown limit '${resource}'`, `the limits are ${resourceNames.join(", ")}`);
  }
  const [soft, hard, ...more] = text.split(":").map((part) => limitValue(part, unit));
  const limit = { resource, soft: soft ?? Number.NaN, hard: hard ?? soft ?? Number.NaN };
  const isWrong = [limit.soft, limit.hard].some(Number.isNaN);
  if (isWrong || more.length > 0) {
    throw invalid(
      "limits",
      `'${resource}' should be a number or 'unlimited', or two of them as SOFT:HARD, '${text}' given`,
    );
  }
  if (size(limit.soft) > size(limit.hard))
    throw invalid("limits", `'${resource}': the soft limit is above the hard one, '${text}' given`);
  return limit;
}

function limitValue(text: string, unit: "bytes" | "number"): LimitValue {
  if (text === "unlimited" || text === "infinity") return "unlimited";
  if (unit === "bytes") return readSize(text) ?? Number.NaN;
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

function size(value: LimitValue): number {
  return value === "unlimited" ? Number.POSITIVE_INFINITY : value;
}
