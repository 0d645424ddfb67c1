import type { IncomingMessage } from "node:http";
import { expect, it } from "vitest";
import type { Peer } from "../../../src/admin/peer.ts";
import { Permission } from "../../../src/admin/permission.ts";

const own = 1000;
const ask = (peer: Peer, method: string, path: string) =>
  new Permission(own, async () => peer).refusal({ method, socket: {} } as unknown as IncomingMessage, path);
const local = (uid: number): Peer => ({ kind: "local", uid });

it.each([
  ["POST", "/stop"],
  ["POST", "/load"],
  ["POST", "/adapt"],
  ["DELETE", "/pki/ca/local"],
  ["PROPFIND", "/metrics"],
  ["GET", "/config/"],
  ["GET", "/config/apps"],
  ["GET", "/id/x"],
  ["GET", "/supervisor/status"],
  ["GET", "/supervisor"],
  ["HEAD", "/config/"],
])("%s %s is for root, ourselves, and other machines", async (method, path) => {
  const allowed = await Promise.all(
    [local(0), local(own), { kind: "remote" } as const].map((peer) => ask(peer, method, path)),
  );
  expect(allowed).toEqual([undefined, undefined, undefined]);
  expect(await ask(local(1001), method, path)).toMatch(/^user 1001 is not allowed: over TCP only root and /);
  expect(await ask({ kind: "unknown" }, method, path)).toMatch(/^an unknown user is not allowed: /);
});

it.each([
  ["GET", "/metrics"],
  ["GET", "/pki/ca/local"],
  ["OPTIONS", "/metrics"],
  ["GET", "/configuration"],
])("%s %s is for everybody", async (method, path) => {
  expect(await ask(local(1001), method, path)).toBeUndefined();
});

it("asks once for a connection", async () => {
  let asked = 0;
  const permission = new Permission(own, async () => {
    asked++;
    return local(own);
  });
  const request = { method: "POST", socket: {} } as unknown as IncomingMessage;
  await permission.refusal(request, "/stop");
  await permission.refusal(request, "/load");
  expect(asked).toBe(1);
});
