import { connect } from "node:net";
import { parseAdminAddress } from "../admin/address.ts";
import { SupervisorError } from "../errors.ts";

/** Nobody needs more to know its own child by (bytes). */
const longestConfirmation = 1 << 20;

/** What `run --pingback` does once everything runs: sends what came on stdin back to whoever started us. */
export interface Pingback {
  call(): void;
}

/**
 * @param readsStdin false when stdin holds the configuration: then the call says nothing
 * @throws SupervisorError `ADMIN_ADDRESS`
 */
export function preparePingback(address: string, readsStdin: boolean): Pingback {
  const { host, port } = parse(address);
  const confirmation = readsStdin ? readConfirmation() : Promise.resolve(Buffer.alloc(0));
  return {
    call: () =>
      void confirmation.then((bytes) => {
        const connection = connect({ host, port });
        // That nobody listens any more is no concern of ours.
        connection.on("error", () => {});
        connection.once("connect", () => connection.end(bytes));
      }),
  };
}

function parse(text: string): { readonly host: string; readonly port: number } {
  const address = parseAdminAddress(text, {});
  if (address.kind === "tcp" && address.port > 0) return address;
  throw new SupervisorError("ADMIN_ADDRESS", `invalid pingback address '${text}'`, {
    hint: "write it as 127.0.0.1:8123",
  });
}

/** All of stdin, which must not keep us from ending; a terminal has nothing to confirm. */
async function readConfirmation(): Promise<Buffer> {
  const { stdin } = process;
  const chunks: Buffer[] = [];
  if (stdin.isTTY) return Buffer.alloc(0);
  stdin.on("data", (chunk: Buffer) => {
    if (chunks.length * chunk.length < longestConfirmation) chunks.push(chunk);
  });
  stdin.unref?.();
  await new Promise<void>((resolve) => {
    stdin.once("end", resolve);
    stdin.once("error", () => resolve());
  });
  return Buffer.concat(chunks);
}
