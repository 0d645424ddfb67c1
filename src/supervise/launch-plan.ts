import type { LimitValue, RightsPlan } from "../config/rights-plan.ts";
import { SupervisorError } from "../errors.ts";
import { type Credentials, lookUpGroup, lookUpUser } from "./credentials.ts";
import { realTools, type Tools } from "./tools.ts";

/** How a process is started with the user, the limits and the priority that it is to have. */
export interface LaunchPlan {
  /** The user it becomes; undefined: it stays ours. */
  readonly as: Credentials | undefined;
  /**
   * Programs that set rights and then become (exec) the process, first to last, with their arguments: it keeps its pid. The
   * environment never passes through them as arguments. Empty: it is started directly.
   */
  readonly chain: readonly string[];
  /** Handed to Node's spawn, where setpriv cannot be used. */
  readonly ids: { readonly uid: number; readonly gid: number } | undefined;
  readonly umask: number | undefined;
  /** What it does not get although it should; undefined for nothing. */
  readonly warning: string | undefined;
}

/** What is known of our own process; tests hand in another. */
export interface OwnIdentity {
  readonly uid: number;
  readonly gid: number;
  readonly nice: number;
}

export interface LaunchRequest {
  /** Name or number; empty: ours. */
  readonly user: string;
  readonly rights: RightsPlan;
  /** The Go module knows users by name only. */
  readonly compat?: boolean | undefined;
}

/** A process that asks for nothing. */
export const plainLaunch: LaunchPlan = {
  as: undefined,
  chain: [],
  ids: undefined,
  umask: undefined,
  warning: undefined,
};

/**
 * How to start what a definition describes. Limits are set first, then the priority, then the user: raising them takes the
 * rights that the last step gives away.
 *
 * @throws SupervisorError `UNKNOWN_USER`; `USER_NEEDS_ROOT` when it is not us and we are not root; `RIGHTS` when a limit,
 * priority or privilege is not ours to set, or its tool is missing
 */
export function planLaunch(
  { user, rights, compat = false }: LaunchRequest,
  own: OwnIdentity,
  tools: Tools = realTools,
): LaunchPlan {
  const as = identity(user, rights.group, compat, own);
  const limits = limitArguments(rights, tools);
  const priority = niceArguments(rights, own, tools);
  const before = [...limits, ...priority];
  const { chain, ids, warning } = becoming(as, rights, before, tools);
  return { as, chain, ids, umask: rights.umask, warning };
}

/** Whom it becomes; undefined when that is us already. */
function identity(
  user: string,
  group: string | undefined,
  compat: boolean,
  own: OwnIdentity,
): Credentials | undefined {
  if (user === "" && group === undefined) return undefined;
  if (compat && /^[0-9]+$/.test(user)) {
    throw new SupervisorError("UNKNOWN_USER", `user: unknown user ${user}`, { option: "user" });
  }
  const wanted = user === "" ? ourselves(own, group) : lookUpUser(user, group);
  if (own.uid === 0) return wanted;
  if (wanted.uid !== own.uid) throw needsRoot(`user: cannot run as ${user} without being root`, "user");
  if (wanted.gid !== own.gid && group !== undefined)
    throw needsRoot(`group: cannot run as ${group} without being root`, "group");
  return undefined;
}

/** With another group; nothing else changes, not even the environment. */
function ourselves(own: OwnIdentity, group: string | undefined): Credentials {
  const gid = group === undefined ? own.gid : lookUpGroup(group);
  return {
    name: undefined,
    uid: own.uid,
    gid,
    groups: process.getgroups?.() ?? [],
    home: "/",
    shell: "/bin/sh",
  };
}

function needsRoot(message: string, option: string): SupervisorError {
  return new SupervisorError("USER_NEEDS_ROOT", message, { option });
}

function limitArguments({ limits }: RightsPlan, tools: Tools): string[] {
  if (limits.length === 0) return [];
  const prlimit = tools.find("prlimit") ?? missing("limits", "prlimit");
  const text = (value: LimitValue) => String(value);
  const chain = [
    prlimit,
    ...limits.map(({ resource, soft, hard }) => `--${resource}=${text(soft)}:${text(hard)}`),
    "--",
  ];
  const fault = tools.fault(chain);
  if (fault !== undefined) throw notOurs("limits", fault);
  return chain;
}

function niceArguments({ nice }: RightsPlan, own: OwnIdentity, tools: Tools): string[] {
  if (nice === undefined || nice === own.nice) return [];
  if (nice < own.nice && own.uid !== 0)
    throw notOurs("nice", `cannot go from our own ${own.nice} to ${nice} without being root`);
  const program = tools.find("nice") ?? missing("nice", "nice");
  return [program, "-n", String(nice - own.nice), "--"];
}

function becoming(
  as: Credentials | undefined,
  { noNewPrivileges }: RightsPlan,
  before: readonly string[],
  tools: Tools,
): Pick<LaunchPlan, "chain" | "ids" | "warning"> {
  if (as === undefined && !noNewPrivileges) return { chain: before, ids: undefined, warning: undefined };
  const setpriv = tools.find("setpriv");
  const flags = [
    ...(as === undefined ? [] : setprivArguments(as)),
    ...(noNewPrivileges ? ["--no-new-privs"] : []),
    "--",
  ];
  const chain = setpriv === undefined ? undefined : [...before, setpriv, ...flags];
  const fault =
    setpriv === undefined
      ? "setpriv (util-linux) is not installed"
      : tools.fault([setpriv, ...flags], as?.uid);
  if (fault === undefined && chain !== undefined) return { chain, ids: undefined, warning: undefined };
  if (noNewPrivileges) throw notOurs("no_new_privileges", fault ?? "");
  // Node takes on the user by itself, without supplementary groups; limits and priority cannot be set that way after it.
  if (as === undefined || before.length > 0) throw notOurs("user", fault ?? "");
  return {
    chain: [],
    ids: { uid: as.uid, gid: as.gid },
    warning: "supplementary groups are dropped: setpriv cannot change users here",
  };
}

function missing(option: string, tool: string): never {
  throw notOurs(option, `${tool} is not installed`);
}

function notOurs(option: string, fault: string): SupervisorError {
  return new SupervisorError("RIGHTS", `${option}: ${fault}`, { option });
}

/**
 * The arguments with which setpriv becomes a user. Numbers, not names: two names may share a uid, and the groups wanted are
 * those of the name that was asked for.
 */
export function setprivArguments({ uid, gid, groups }: Credentials): string[] {
  return [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    ...(groups.length > 0 ? [`--groups=${groups.join(",")}`] : ["--clear-groups"]),
    ...(uid === 0 ? [] : ["--inh-caps=-all"]),
  ];
}
