/** A JSON document of Caddy's, as far as we look into it. */
export interface Document {
  readonly admin?: AdminConfig;
  readonly apps?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

export interface AdminConfig {
  readonly disabled?: boolean;
  readonly listen?: string;
  readonly origins?: readonly string[];
  readonly enforce_origin?: boolean;
  readonly [key: string]: unknown;
}

/** The name under which we call the child: a Unix listener of Caddy 2.6 takes no other, as Node cannot send none. */
export const privateHost = "caddy.internal";

/** A document without what is ours: our app, and the admin endpoint, which we hold ourselves. */
export function stripped(document: Document): Document {
  const { supervisor: _ours, ...apps } = document.apps ?? {};
  const { admin: _endpoint, ...rest } = document;
  return { ...rest, apps };
}

/**
 * What the child is given: the document without our app, and with an admin endpoint that only we can reach. It must not
 * save that document for `--resume`: it is not the user's.
 */
export function privateDocument(document: Document, socketPath: string): Document {
  const { remote, identity } = document.admin ?? {};
  return {
    ...stripped(document),
    admin: {
      listen: `unix/${socketPath}`,
      origins: [privateHost],
      config: { persist: false },
      ...(identity === undefined ? {} : { identity }),
      ...(remote === undefined ? {} : { remote }),
    },
  };
}
