import { execFile, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, statSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseAdminAddress } from "../../src/admin/address.ts";
import type { AdminEndpoint } from "../../src/admin/endpoint.ts";
import type { ConfigDoor } from "../../src/app/config-door.ts";
import type { AdminConfig } from "../../src/caddy/private-config.ts";
import { Logger } from "../../src/logging/logger.ts";
import { until } from "../support/gates.ts";
import { httpCall } from "../support/http-call.ts";
import { openEndpoint } from "../support/open-endpoint.ts";
import { freePort, Sandbox } from "../support/program.ts";

let sandbox: Sandbox;
let endpoint: AdminEndpoint | undefined;
let stops: number;
let warnings: string[];
let document: unknown;

beforeEach(() => {
  sandbox = new Sandbox();
  stops = 0;
  warnings = [];
  document = { apps: { secret: 1 } };
});
afterEach(async () => {
  await endpoint?.close();
  endpoint = undefined;
  await sandbox.remove();
});

const memory: ConfigDoor = {
  document: () => document,
  change: async (edit) => {
    document = edit(document);
  },
  adapt: async (text) => ({ document: { text }, warnings: [] }),
};

const settings = (address: string, admin: AdminConfig = {}) => ({
  address: parseAdminAddress(address, {}),
  admin,
});

async function open(address: string, admin: AdminConfig = {}): Promise<AdminEndpoint> {
  const log = Logger.to((line) => warnings.push(line), {
    level: "warn",
    encoder: ({ message }) => message,
  });
  const onStop = () => {
    stops++;
  };
  endpoint = await openEndpoint({ address, admin, log, config: memory, onStop });
  return endpoint;
}

const nobody = 65_534;
const run = promisify(execFile);

/** What a process of somebody else is answered; status 0 when it cannot connect. */
async function asNobody(args: readonly string[]): Promise<{ status: number; body: string }> {
  const settings = { uid: nobody, gid: nobody, cwd: "/" };
  const { stdout } = await run("curl", ["-s", "-m", "10", "-w", "\n%{http_code}", ...args], settings).catch(
    (error: { stdout: string }) => error,
  );
  const at = stdout.lastIndexOf("\n");
  return { status: Number(stdout.slice(at + 1)), body: stdout.slice(0, at) };
}

const refused = {
  error: `user ${nobody} is not allowed: over TCP only root and the user that runs caddy-supervisor (0) may read or change the configuration; a Unix socket can be opened to others (admin unix//path|0660)`,
};

describe.skipIf(process.getuid?.() !== 0)("a second user (needs root, to become another)", () => {
  it.each(["127.0.0.1", "[::1]"])("may neither change nor read anything by %s", async (host) => {
    const port = await freePort();
    await open(host === "[::1]" ? `[::1]:${port}` : `localhost:${port}`);
    const base = `http://${host}:${port}`;
    for (const args of [
      ["-X", "POST", `${base}/stop`],
      ["-X", "POST", `${base}/load`, "-d", "{}"],
      ["-X", "POST", `${base}/adapt`, "-d", "{}"],
      ["-X", "DELETE", `${base}/config/apps`],
      [`${base}/config/`],
      [`${base}/id/x`],
      [`${base}/supervisor/status`],
      [`${base}/supervisor`],
      [`${base}/%73upervisor/status`],
      [`${base}/supervisor%2Fstatus`],
      [`${base}/supervisor/openapi.json`],
      ["-N", `${base}/supervisor/logs?follow=true`],
      ["-X", "POST", `${base}/supervisor/down`, "-d", '{"targets":["*"]}'],
      ["-X", "POST", `${base}/metrics`],
    ]) {
      const { status, body } = await asNobody(args);
      expect({ args, status, body: JSON.parse(body) as unknown }).toEqual({
        args,
        status: 403,
        body: refused,
      });
    }
    // A path that is not clean is sent to its clean form, and judged there.
    for (const path of ["//supervisor/status", "/x/../supervisor/status", "/%2e/supervisor/status"])
      expect((await asNobody(["--path-as-is", `${base}${path}`])).status).toBe(301);
    expect({ stops, document }).toEqual({ stops: 0, document: { apps: { secret: 1 } } });
    expect((await asNobody([`${base}/pki/ca/local`])).status).toBe(503);
    expect((await asNobody([`${base}/metrics`])).status).toBe(200);
  });

  it("may not by a dual-stack address either, and the warning of an open interface is Caddy's", async () => {
    const port = await freePort();
    await open(`:${port}`);
    for (const host of ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"])
      expect((await asNobody([`http://${host}:${port}/config/`])).status).toBe(403);
    expect((await httpCall(port, { path: "/config/" })).status).toBe(200);
    expect(warnings[0]).toBe("admin endpoint on open interface; host checking disabled");
  });

  it("may not by hanging up before anybody looks: a connection without a process proves nothing", async () => {
    const port = await freePort();
    await open(`localhost:${port}`);
    const script = `const { connect } = require("node:net");
      const s = connect(${port}, "127.0.0.1", () => {
        s.end("DELETE /config/apps HTTP/1.1\\r\\nHost: localhost:${port}\\r\\nConnection: close\\r\\n\\r\\n");
        s.once("finish", () => process.exit());
      });`;
    spawnSync(process.execPath, ["-e", script], { uid: nobody, gid: nobody, cwd: "/" });
    // While it ran, we could not answer: it is gone when we look.
    const before = document;
    await until("its request to be judged", () => warnings.length > 0 || document !== before);
    expect({ document, warnings }).toEqual({ document: before, warnings: ["request error"] });
  });

  it("may by a Unix socket whose mode lets it in, and not by one that does not", async () => {
    chmodSync(sandbox.folder, 0o755);
    const socket = sandbox.path("a.sock");
    await open(`unix/${socket}|0666`);
    expect(statSync(socket).mode & 0o777).toBe(0o666);
    expect((await asNobody(["--unix-socket", socket, "http://localhost/config/"])).status).toBe(200);
    await endpoint?.close();
    await open(`unix/${socket}`);
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect((await asNobody(["--unix-socket", socket, "http://localhost/config/"])).status).toBe(0);
  });
});

describe("browsers", () => {
  const error = (body: string) => (JSON.parse(body) as { error: string }).error;

  it("cannot come by another name (DNS rebinding), from another page, or by a WebSocket", async () => {
    const port = await freePort();
    await open(`localhost:${port}`);
    const ask = async (headers: Record<string, string>) => {
      const { status, body } = await httpCall(port, { method: "POST", path: "/stop", headers });
      return `${status} ${error(body)}`;
    };
    expect(await ask({ host: "evil.example" })).toBe("403 host not allowed: evil.example");
    expect(await ask({ host: `evil.example:${port}` })).toBe(`403 host not allowed: evil.example:${port}`);
    expect(await ask({ origin: "http://evil.example" })).toBe(
      "403 client is not allowed to access from origin 'http://evil.example'",
    );
    expect(await ask({ "sec-fetch-site": "cross-site" })).toBe(
      "403 required Origin header is missing or invalid",
    );
    expect(await ask({ upgrade: "websocket", connection: "upgrade" })).toBe(
      "400 websocket connections aren't allowed",
    );
    expect(stops).toBe(0);
  });

  it("may, from an allowed origin, read the answer when origins are enforced", async () => {
    const port = await freePort();
    await open(`localhost:${port}`, { origins: [`http://localhost:${port}`], enforce_origin: true });
    const origin = `http://localhost:${port}`;
    expect((await httpCall(port, { path: "/config/" })).status).toBe(403);
    const { status, headers } = await httpCall(port, { path: "/config/", headers: { origin } });
    expect([status, headers["access-control-allow-origin"]]).toEqual([200, origin]);
    const preflight = await httpCall(port, { method: "OPTIONS", path: "/config/", headers: { origin } });
    expect(preflight.headers["access-control-allow-methods"]).toBe("OPTIONS, GET, POST, PUT, PATCH, DELETE");
  });
});

describe("limits", () => {
  it("refuses a body of more than 100 MiB, told or not", async () => {
    const port = await freePort();
    await open(`localhost:${port}`);
    const size = 100 * 1024 * 1024 + 1;
    for (const path of ["/config/x", "/load"]) {
      const socket = connect(port, "127.0.0.1");
      const head = `POST ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: application/json\r\n`;
      socket.write(`${head}Content-Length: ${size}\r\n\r\n{`);
      const [answer] = (await once(socket, "data")) as [Buffer];
      socket.destroy();
      expect(answer.toString()).toContain("HTTP/1.1 413 Payload Too Large");
      expect(answer.toString()).toContain('{"error":"reading request body: http: request body too large"}');
    }
    const stream = connect(port, "127.0.0.1");
    stream.on("error", () => {});
    stream.write(
      `POST /load HTTP/1.1\r\nHost: localhost:${port}\r\nTransfer-Encoding: chunked\r\n\r\n${size.toString(16)}\r\n`,
    );
    stream.write(Buffer.alloc(size, " "));
    const [answer] = (await once(stream, "data")) as [Buffer];
    stream.destroy();
    expect(answer.toString()).toContain("HTTP/1.1 413 Payload Too Large");
  });

  it("waits no longer than 5 s for the head of a request, and 10 s for all of it", async () => {
    const port = await freePort();
    await open(`localhost:${port}`);
    const slow = [
      "GET /config/ HT",
      `POST /load HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 9\r\n\r\n{`,
    ];
    const answers = slow.map(async (text) => {
      const socket = connect(port, "127.0.0.1");
      socket.write(text);
      const [answer] = (await once(socket, "data")) as [Buffer];
      socket.destroy();
      return answer.toString().split("\r\n")[0];
    });
    expect(await Promise.all(answers)).toEqual([
      "HTTP/1.1 408 Request Timeout",
      "HTTP/1.1 408 Request Timeout",
    ]);
  });
});

describe("another `admin` part", () => {
  it("moves the endpoint; the call that asked for it gets its answer", async () => {
    const [from, to] = [await freePort(), await freePort()];
    const opened = await open(`localhost:${from}`);
    const move = await opened.prepareMove(settings(`localhost:${to}`));
    expect((await httpCall(to, { path: "/config/" })).status).toBe(200);
    expect((await httpCall(from, { path: "/config/" })).status).toBe(200);
    move.commit();
    expect((await httpCall(to, { path: "/config/" })).status).toBe(200);
    await expect(httpCall(from, { path: "/config/" })).rejects.toThrow("ECONNREFUSED");
  });

  it("is taken back, or refused where another listens", async () => {
    const [from, to] = [await freePort(), await freePort()];
    const opened = await open(`localhost:${from}`);
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port: taken } = other.address() as AddressInfo;
    await expect(opened.prepareMove(settings(`localhost:${taken}`))).rejects.toThrow(
      `listen tcp localhost:${taken}: bind: address already in use`,
    );
    other.close();
    await (await opened.prepareMove(settings(`localhost:${to}`))).undo();
    await expect(httpCall(to, { path: "/config/" })).rejects.toThrow("ECONNREFUSED");
    expect((await httpCall(from, { path: "/config/" })).status).toBe(200);
  });

  it("changes a socket's mode where it is, and takes another spelling of an address for the same", async () => {
    const socket = sandbox.path("a.sock");
    const onSocket = await open(`unix/${socket}`);
    (await onSocket.prepareMove(settings(`unix/${socket}|0660`))).commit();
    expect(statSync(socket).mode & 0o777).toBe(0o660);
    expect((await httpCall(socket, { path: "/config/" })).status).toBe(200);
    await onSocket.close();
    const port = await freePort();
    const onPort = await open(`localhost:${port}`);
    (await onPort.prepareMove(settings(`tcp/127.0.0.1:${port}`))).commit();
    expect((await httpCall(port, { path: "/config/" })).status).toBe(200);
  });

  it("changes the rules at the same address, and `admin off` ends it", async () => {
    const port = await freePort();
    const opened = await open(`localhost:${port}`);
    const ask = () => httpCall(port, { path: "/config/", headers: { host: "ops.example" } });
    expect((await ask()).status).toBe(403);
    (await opened.prepareMove(settings(`localhost:${port}`, { origins: ["ops.example"] }))).commit();
    expect((await ask()).status).toBe(200);
    (await opened.prepareMove(undefined)).commit();
    await expect(ask()).rejects.toThrow("ECONNREFUSED");
  });
});
