import { request } from "node:http";
import { privateHost } from "./private-config.ts";

export interface AdminResponse {
  readonly status: number;
  readonly body: string;
}

/** A call to the child's private admin socket. Rejects when nobody listens there. */
export function callAdmin(
  socketPath: string,
  method: string,
  path: string,
  body?: string,
  more: Readonly<Record<string, string>> = {},
): Promise<AdminResponse> {
  return new Promise((resolve, reject) => {
    const headers = {
      host: privateHost,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...more,
    };
    const call = request({ socketPath, method, path, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
      response.on("error", reject);
    });
    call.on("error", reject);
    call.end(body);
  });
}
