/** Which stock binary is meant. */
export interface BinaryFlags {
  readonly caddy?: string;
}

/** What every command that reads a configuration takes, in Caddy's words. */
export interface ConfigFlags extends BinaryFlags {
  readonly config?: string;
  readonly adapter?: string;
  readonly envfile?: readonly string[];
}

export interface EnvironFlags extends BinaryFlags {
  readonly envfile?: readonly string[];
}

export interface ListModulesFlags extends BinaryFlags {
  readonly packages?: boolean;
  readonly versions?: boolean;
  readonly skipStandard?: boolean;
  readonly json?: boolean;
}

/** How a command finds the instance that it is about. */
export interface InstanceFlags {
  readonly config?: string;
  /** An admin address, as the `admin` option has it. */
  readonly address?: string;
  /** The path of a control socket. */
  readonly socket?: string;
}

export interface ReloadFlags extends ConfigFlags, InstanceFlags {
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export interface StatusFlags extends InstanceFlags {
  readonly json?: boolean;
}

export interface TargetFlags extends InstanceFlags {
  readonly all?: boolean;
  readonly json?: boolean;
}

export interface FollowFlags extends InstanceFlags {
  readonly follow?: boolean;
  readonly lines?: string;
  readonly json?: boolean;
}

export interface StartFlags extends ConfigFlags {
  readonly environ?: boolean;
  readonly pidfile?: string;
  readonly resume?: boolean;
  readonly watch?: boolean;
  readonly stopTimeout?: string;
  /** True without a path. */
  readonly cgroup?: string | true;
}

export interface RunFlags extends StartFlags {
  readonly pingback?: string;
  /** False with --no-prefix. */
  readonly prefix: boolean;
}

export interface AdaptFlags extends ConfigFlags {
  readonly pretty?: boolean;
  readonly validate?: boolean;
  readonly compat?: boolean;
  readonly json?: boolean;
}

export interface ValidateFlags extends ConfigFlags {
  readonly stopTimeout?: string;
  readonly json?: boolean;
}

export interface FmtFlags {
  readonly overwrite?: boolean;
  readonly diff?: boolean;
  readonly json?: boolean;
}

export interface TemplateFlags {
  readonly replica?: string;
  readonly data?: string;
}
