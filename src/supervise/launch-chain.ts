import { getPriority } from "node:os";
import type { RightsPlan } from "../config/rights-plan.ts";
import { type ErrorCode, SupervisorError } from "../errors.ts";
import { type Credentials, type Login, lookUpGroup, lookUpUser, type User } from "./credentials.ts";
import { type Ids, systemTools, type Tools, type WantedRights } from "./wrapper-tools.ts";

/**
 * How a process comes by its user, limits and priority: by a chain of programs of which each takes on one thing and becomes (execve)
 * the next, so that the pid stays. Every part was tried once when the configuration was loaded: what it cannot do is an error of
 * the configuration, not an exit of the program.
 */
export interface Launch {
  /** Whose rights count when command and folder are looked for; undefined: ours. */
  readonly as: Credentials | undefined;
  /** What `HOME`, `USER` … tell; undefined: what ours tell. */
  readonly login: Login | undefined;
  /** In front of the command; empty: nothing is. A command behind it has its path as argv[0], not its name. */
  readonly chain: readonly string[];
  /** What Node changes before the chain begins. */
  readonly ids: Ids;
  readonly umask: number | undefined;
  /** What could not be had as it should be, a sentence each. */
  readonly warnings: readonly string[];
}

/** What is known of our own process; tests hand in another. */
export interface OwnIdentity {
  readonly uid: number;
  readonly gid: number;
  readonly niceness: number;
}

export function ownIdentity(): OwnIdentity {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, niceness: getPriority() };
}

/**
 * How to start the processes of a definition.
 *
 * @throws SupervisorError `UNKNOWN_USER`, `UNKNOWN_GROUP`; `USER_NEEDS_ROOT` for what only root can give; `RIGHTS` for what this machine
 * cannot give. Nothing that was asked for is left out silently.
 */
export function planLaunch(
  user: string,
  rights: RightsPlan,
  own: OwnIdentity = ownIdentity(),
  tools: Tools = systemTools,
): Launch {
  const group = rights.group === undefined ? undefined : lookUpGroup(rights.group);
  const named = user === "" ? undefined : lookUpUser(user, group);
  if (own.uid !== 0) refuseOthers(user, named, rights.group, group, own);
  const become = own.uid === 0 ? (named ?? inGroup(group)) : undefined;
  const credentials = become === undefined ? noChange : changeTo(become, user, tools);
  // Order: hard limits are raised and priorities gained while we are still root.
  const chain = [
    ...limitsWrapper(rights, credentials.ids, own, tools),
    ...niceWrapper(rights, credentials.ids, own, tools),
    ...joined(credentials.wrapper, newPrivilegesWrapper(rights, credentials.ids, tools)),
  ];
  return {
    as: named === undefined ? undefined : credentials.as,
    login: named?.login,
    chain,
    ids: credentials.ids,
    umask: rights.umask,
    warnings: credentials.warnings,
  };
}

function refuseOthers(
  user: string,
  named: User | undefined,
  groupName: string | undefined,
  group: number | undefined,
  own: OwnIdentity,
): void {
  // Nothing could be changed (setresuid(2), setresgid(2)), and running as ourselves in silence would be more than was asked for.
  if (named !== undefined && named.uid !== own.uid) throw needsRoot("user", `cannot run as ${user}`);
  if (group !== undefined && group !== own.gid) throw needsRoot("group", `cannot run in ${groupName}`);
}

function needsRoot(option: string, what: string): SupervisorError {
  return new SupervisorError("USER_NEEDS_ROOT", `${option}: ${what} without being root`, { option });
}

interface CredentialsChange {
  readonly as: Credentials | undefined;
  readonly wrapper: readonly string[];
  readonly ids: Ids;
  readonly warnings: readonly string[];
}

const noChange: CredentialsChange = { as: undefined, wrapper: [], ids: {}, warnings: [] };

/** Root in another group; its supplementary groups stay. */
function inGroup(gid: number | undefined): Credentials | undefined {
  return gid === undefined ? undefined : { uid: 0, gid, groups: [] };
}

/** By setpriv, which takes on all groups; where it cannot (busybox's), by Node, which leaves none but the group itself. */
function changeTo(as: Credentials, user: string, tools: Tools): CredentialsChange {
  const setpriv = tools.find("setpriv");
  if (setpriv !== undefined) {
    const wrapper = [setpriv, ...setprivArguments(as)];
    if (tools.fault(wrapper, { as }, {}) === undefined) return { ...noChange, as, wrapper };
  }
  const ids = { uid: as.uid, gid: as.gid };
  const alone = { ...as, groups: [as.gid] };
  const fault = tools.fault([], { as: alone }, ids);
  if (fault !== undefined) {
    const option = user === "" ? "group" : "user";
    throw new SupervisorError("USER_NEEDS_ROOT", `${option}: cannot run as ${user || as.gid}: ${fault}`, {
      option,
      hint: "a container may have taken CAP_SETUID and CAP_SETGID from root: give them back",
    });
  }
  const isSame = as.groups.every((group) => group === as.gid);
  const warnings = isSame ? [] : ["supplementary groups are dropped: setpriv cannot change users here"];
  return { as: alone, wrapper: [], ids, warnings };
}

/**
 * The arguments with which setpriv becomes a user and runs what follows them. Numbers, not names: two names may share
 * a uid, and the groups wanted are those of the name that was asked for. Leaving uid 0 clears all capabilities but the
 * inheritable ones (capabilities(7)).
 */
function setprivArguments({ uid, gid, groups }: Credentials): string[] {
  return [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    groups.length > 0 ? `--groups=${groups.join(",")}` : "--keep-groups",
    ...(uid === 0 ? [] : ["--inh-caps=-all"]),
    "--",
  ];
}

function limitsWrapper({ limits }: RightsPlan, ids: Ids, own: OwnIdentity, tools: Tools): string[] {
  if (limits.length === 0) return [];
  const args = limits.map(({ resource, soft, hard }) => `--${resource}=${soft}:${hard}`);
  return wrapper({ option: "limits", tool: "prlimit", args, wanted: {} }, ids, own, tools);
}

function niceWrapper({ nice }: RightsPlan, ids: Ids, own: OwnIdentity, tools: Tools): string[] {
  if (nice === undefined || nice === own.niceness) return [];
  // nice(1) counts from where it is.
  const args = ["-n", String(nice - own.niceness)];
  return wrapper({ option: "nice", tool: "nice", args, wanted: { niceness: nice } }, ids, own, tools);
}

/** Tried in a setpriv of its own: busybox's can do this, but not change users. */
function newPrivilegesWrapper({ noNewPrivileges }: RightsPlan, ids: Ids, tools: Tools): string[] {
  if (!noNewPrivileges) return [];
  const wanted = { noNewPrivileges };
  const part = { option: "no_new_privileges", tool: "setpriv", args: [noNewPrivs, "--"], wanted };
  return wrapper(part, ids, undefined, tools);
}

const noNewPrivs = "--no-new-privs";

/** One setpriv does what two would. */
function joined(change: readonly string[], newPrivileges: readonly string[]): readonly string[] {
  const [setpriv, ...args] = change;
  if (setpriv === undefined || newPrivileges.length === 0) return [...change, ...newPrivileges];
  return [setpriv, noNewPrivs, ...args];
}

interface Part {
  readonly option: string;
  readonly tool: string;
  readonly args: readonly string[];
  readonly wanted: WantedRights;
}

/** @param own whose rights it takes; undefined: it takes none, so that being root would not help */
function wrapper(
  { option, tool, args, wanted }: Part,
  ids: Ids,
  own: OwnIdentity | undefined,
  tools: Tools,
): string[] {
  const path = tools.find(tool);
  if (path === undefined) {
    throw new SupervisorError("RIGHTS", `${option}: ${tool} is not installed`, {
      option,
      hint: `install ${tool}, a part of ${tool === "nice" ? "coreutils" : "util-linux"}`,
    });
  }
  const fault = tools.fault([path, ...args], wanted, ids);
  if (fault === undefined) return [path, ...args];
  const code: ErrorCode = own === undefined || own.uid === 0 ? "RIGHTS" : "USER_NEEDS_ROOT";
  const hint = code === "RIGHTS" && option === "limits" ? limitsHint : undefined;
  throw new SupervisorError(code, `${option}: ${fault}`, { option, hint });
}

/** Containers and services keep root from it. See setrlimit(2). */
const limitsHint = "only CAP_SYS_RESOURCE raises a hard limit; ours are listed by `ulimit -Ha`";
