import { type IncomingHttpHeaders, request } from "node:http";

export interface HttpCall {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  /** With the trailers, in which Caddy 2.6 sends its Etag. */
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request on a connection of its own; `where` is a port of 127.0.0.1 or a socket's path. */
export function httpCall(where: number | string, { method = "GET", path, headers = {}, body }: HttpCall) {
  return new Promise<HttpAnswer>((resolve, reject) => {
    const to = typeof where === "number" ? { host: "127.0.0.1", port: where } : { socketPath: where };
    const host = typeof where === "number" ? `localhost:${where}` : "localhost";
    const call = request({ ...to, method, path, headers: { host, ...headers }, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: { ...response.headers, ...response.trailers },
          body: text,
        }),
      );
    });
    call.on("error", reject);
    call.end(body);
  });
}
