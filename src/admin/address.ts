import type { Config } from "../app/load-config.ts";
import type { AdminConfig } from "../caddy/private-config.ts";
import { SupervisorError } from "../errors.ts";

/** Where an admin endpoint listens. */
export type AdminAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly text: string }
  | {
      readonly kind: "unix";
      readonly path: string;
      /** Who may open the socket; 0600 unless the address says otherwise. */
      readonly mode: number;
      readonly text: string;
    };

const ownerOnly = 0o600;
const ownerWrite = 0o200;

/** The address as it is configured. Caddy's own default is localhost:2019; CADDY_ADMIN overrides it (since Caddy 2.6.3). */
export function adminListen(admin: AdminConfig | undefined, env: NodeJS.ProcessEnv): string {
  return admin?.listen ?? (env.CADDY_ADMIN || "localhost:2019");
}

/**
 * Where a configuration's endpoint listens; undefined for `admin off` and for a Supervisorfile, which has none.
 *
 * @throws SupervisorError `ADMIN_ADDRESS`
 */
export function endpointAddress(
  { document, isSupervisorfile }: Pick<Config, "document" | "isSupervisorfile">,
  env: NodeJS.ProcessEnv,
): AdminAddress | undefined {
  if (isSupervisorfile || document.admin?.disabled) return undefined;
  return parseAdminAddress(adminListen(document.admin, env), env);
}

/**
 * Reads a network address as Caddy's `admin` option has it: `localhost:2019`, `:2019`, `tcp/127.0.0.1:2019`,
 * `unix//run/caddy.sock`, `unix//run/caddy.sock|0660`, with `{env.NAME}` replaced.
 *
 * @throws SupervisorError `ADMIN_ADDRESS`
 */
export function parseAdminAddress(text: string, env: NodeJS.ProcessEnv): AdminAddress {
  const expanded = text.replace(/\{env\.([^}]+)\}/g, (_, name: string) => env[name] ?? "");
  const slash = expanded.indexOf("/");
  const network = slash < 0 ? "tcp" : expanded.slice(0, slash);
  const rest = expanded.slice(slash + 1);
  if (network === "unix") return unixAddress(text, rest, expanded);
  if (!["tcp", "tcp4", "tcp6"].includes(network)) throw bad(text);
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(rest);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) throw bad(text);
  return { kind: "tcp", host: match[1] ?? match[2] ?? "", port, text: rest };
}

/** Caddy's form since 2.7: the socket's mode, in octal digits, behind a bar. */
function unixAddress(given: string, rest: string, text: string): AdminAddress {
  const bar = rest.indexOf("|");
  if (bar < 0) return { kind: "unix", path: rest, mode: ownerOnly, text };
  const digits = rest.slice(bar + 1);
  const mode = Number.parseInt(digits, 8);
  if (!/^0?[0-7]{3}$/.test(digits)) throw bad(given);
  if ((mode & ownerWrite) === 0) {
    throw new SupervisorError(
      "ADMIN_ADDRESS",
      `invalid admin address '${given}': owner of the socket requires '-w-' (write, octal: '2') permissions at least`,
      { hint: "write the mode as |0660" },
    );
  }
  return { kind: "unix", path: rest.slice(0, bar), mode, text };
}

function bad(text: string): SupervisorError {
  return new SupervisorError("ADMIN_ADDRESS", `invalid admin address '${text}'`, {
    hint: "write it as localhost:2019 or unix//run/caddy.sock",
  });
}
