import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { AdminEndpoint } from "../../src/admin/endpoint.ts";
import type { Document } from "../../src/caddy/private-config.ts";
import { CaddyDoor } from "../support/caddy-door.ts";
import { httpCall } from "../support/http-call.ts";
import { openEndpoint } from "../support/open-endpoint.ts";
import { freePort, Sandbox } from "../support/program.ts";

const run = promisify(execFile);
const sandbox = new Sandbox();
let port: number;
let door: CaddyDoor;
let endpoint: AdminEndpoint;
let stopped: () => void;
const stop = new Promise<void>((resolve) => {
  stopped = resolve;
});

const worker = { "@id": "worker", command: ["sleep", "1"], replicas: 2 };
const start = (): Document => ({
  admin: { listen: `localhost:${port}` },
  apps: {
    http: { servers: { s: { listen: [`unix/${sandbox.path("site.sock")}`] } } },
    supervisor: { supervise: [worker] },
  },
});

beforeAll(async () => {
  port = await freePort();
  door = await CaddyDoor.open(start(), sandbox.folder);
  endpoint = await openEndpoint({
    address: `localhost:${port}`,
    config: door,
    caddySocket: () => door.socket,
    onStop: () => stopped(),
  });
});
afterAll(async () => {
  await endpoint.close();
  await door.close();
  await sandbox.remove();
});
beforeEach(() => door.change(start, { force: false }));

const json = { "content-type": "application/json" };
const send = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  httpCall(port, { method, path, headers: { ...json, ...headers }, body: JSON.stringify(body) });
const get = async (path: string) => JSON.parse((await httpCall(port, { path })).body) as unknown;

it("serves our half of the document as any other", async () => {
  expect(await get("/config/apps/supervisor/supervise/0/command/1")).toBe("1");
  expect(await get("/config/")).toEqual(start());
  const replicas = "/config/apps/supervisor/supervise/0/replicas";
  expect(await send("PATCH", replicas, 5)).toMatchObject({ status: 200, body: "" });
  expect(await get(replicas)).toBe(5);
  expect(await get("/id/worker/replicas")).toBe(5);
  expect((await send("PATCH", "/id/worker/replicas", 6)).status).toBe(200);
  expect(door.document()).toEqual({
    ...start(),
    apps: { ...start().apps, supervisor: { supervise: [{ ...worker, replicas: 6 }] } },
  });
});

it("refuses what our half cannot read, in Go's words, and keeps the document", async () => {
  const loads = door.loads;
  const { status, body } = await send("PATCH", "/config/apps/supervisor/supervise/0/replicas", "five");
  expect([status, JSON.parse(body)]).toEqual([
    500,
    {
      error:
        "loading new config: json: cannot unmarshal string into Go struct field Definition.supervise.replicas of type int",
    },
  ]);
  expect(await get("/config/")).toEqual(start());
  expect(door.loads).toBe(loads);
});

it("tells a child's refusal in Caddy's words, once", async () => {
  const { body } = await send("POST", "/load", { ...start(), nope: 1 });
  expect(body).toBe('{"error":"loading config: loading new config: json: unknown field \\"nope\\""}\n');
});

it("loads what is unchanged only when it is told to", async () => {
  const loads = door.loads;
  await send("POST", "/load", start());
  expect(door.loads).toBe(loads);
  await send("POST", "/load", start(), { "cache-control": "must-revalidate" });
  expect(door.loads).toBe(loads + 1);
});

it("loads a Caddyfile with the supervisor option, and adapts one", async () => {
  const text = `{\n\tadmin localhost:${port}\n\tsupervisor {\n\t\tsleep 9\n\t}\n}\n:80 {\n\tbind unix/${sandbox.path("other.sock")}\n}\n`;
  const call = { method: "POST", headers: { "content-type": "text/caddyfile" }, body: text };
  const adapted = await httpCall(port, { ...call, path: "/adapt" });
  expect(adapted.status).toBe(200);
  const supervisor = { supervise: [{ command: ["sleep", "9"] }] };
  expect(JSON.parse(adapted.body)).toMatchObject({ result: { apps: { supervisor } } });
  expect(await get("/config/")).toEqual(start());
  expect(await httpCall(port, { ...call, path: "/load" })).toMatchObject({ status: 200, body: "" });
  expect(await get("/config/apps/supervisor")).toEqual(supervisor);
  expect(await get("/config/apps/http/servers/srv0/listen")).toEqual([`unix/${sandbox.path("other.sock")}`]);
  const wrong = await httpCall(port, {
    ...call,
    path: "/load",
    body: text.replace("sleep 9", "sleep {\n\t\t\tusr x\n\t\t}"),
  });
  expect(wrong.status).toBe(400);
  expect(wrong.body).toContain("adapting config using caddyfile adapter: ");
  expect(wrong.body).toContain("Caddyfile:5");
});

it("loses no change when many come at once, and If-Match lets one of them through", async () => {
  const list = "/config/apps/supervisor/supervise";
  const many = Array.from({ length: 10 }, (_, at) => send("POST", list, { command: ["sleep", String(at)] }));
  expect((await Promise.all(many)).map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect(await get(list)).toHaveLength(11);
  const { etag = "" } = (await httpCall(port, { path: list })).headers;
  const race = [1, 2, 3].map((replicas) =>
    send("PATCH", `${list}/0/replicas`, replicas + 2, { "if-match": etag }),
  );
  const statuses = (await Promise.all(race)).map(({ status }) => status);
  expect(statuses.sort()).toEqual([200, 412, 412]);
});

it("forwards what is Caddy's", async () => {
  expect(await get("/reverse_proxy/upstreams")).toEqual([]);
  const metrics = await httpCall(port, { path: "/metrics" });
  expect([metrics.status, metrics.body.includes("go_goroutines")]).toEqual([200, true]);
  expect((await httpCall(port, { path: "/debug/vars" })).status).toBe(200);
  expect((await httpCall(port, { path: "/pki/ca/local" })).status).not.toBe(502);
});

it("an empty configuration, and from nothing back to one", async () => {
  expect((await httpCall(port, { method: "DELETE", path: "/config/" })).status).toBe(200);
  expect((await httpCall(port, { path: "/config/" })).body).toBe("null\n");
  expect((await httpCall(port, { method: "POST", path: "/load" })).status).toBe(200);
  expect((await send("PUT", "/config/", start())).status).toBe(200);
  expect(await get("/config/")).toEqual(start());
});

it("stock `caddy reload` and `caddy stop` work unchanged", async () => {
  const replicas = (count: number) => ({
    ...start(),
    apps: { supervisor: { supervise: [{ ...worker, replicas: count }] } },
  });
  const settings = { cwd: sandbox.folder };
  sandbox.write("x.json", JSON.stringify(replicas(3)));
  await run("caddy", ["reload", "--config", "x.json"], settings);
  expect(await get("/id/worker/replicas")).toBe(3);
  sandbox.write("x.json", JSON.stringify(replicas(4)));
  await run("caddy", ["reload", "--config", "x.json", "--address", `localhost:${port}`, "--force"], settings);
  expect(await get("/id/worker/replicas")).toBe(4);
  sandbox.write("x.json", JSON.stringify({ ...start(), nope: 1 }));
  await expect(run("caddy", ["reload", "--config", "x.json"], settings)).rejects.toThrow(
    'loading config: loading new config: json: unknown field \\"nope\\"',
  );
  await run("caddy", ["stop", "--address", `localhost:${port}`], settings);
  await stop;
});
