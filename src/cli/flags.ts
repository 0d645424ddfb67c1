/** What every command that reads a configuration takes, in Caddy's words. */
export interface ConfigFlags {
  readonly config?: string;
  readonly adapter?: string;
  readonly envfile?: readonly string[];
  readonly caddy?: string;
}

export interface RunFlags extends ConfigFlags {
  readonly environ?: boolean;
  readonly pidfile?: string;
  readonly pingback?: string;
  /** True without a path. */
  readonly cgroup?: string | true;
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
