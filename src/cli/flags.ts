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
}

export interface AdaptFlags extends ConfigFlags {
  readonly pretty?: boolean;
  readonly validate?: boolean;
  readonly compat?: boolean;
}
