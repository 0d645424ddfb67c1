import { SupervisorError } from "../errors.ts";
import { runCaddy } from "./binary.ts";
import { caddyError } from "./messages.ts";
import { type Document, privateDocument } from "./private-config.ts";

/**
 * Has stock Caddy check its half of a document: it loads the modules and starts nothing.
 *
 * @throws SupervisorError `CADDY_CONFIG` with Caddy's own message
 */
export async function validateWithCaddy(
  binary: string,
  document: Document,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  // The socket is only named, never opened.
  const input = JSON.stringify(privateDocument(document, "/validate.sock"));
  const { code, stderr } = await runCaddy(binary, ["validate", "--config", "-"], { env, input });
  if (code !== 0) throw new SupervisorError("CADDY_CONFIG", caddyError(stderr));
}
