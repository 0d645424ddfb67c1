import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AdminEndpoint } from "../../src/admin/endpoint.ts";
import type { Document } from "../../src/caddy/private-config.ts";
import { type Newer, type Step, scripts, startDocument } from "../support/admin-scripts.ts";
import { CaddyDoor, StockCaddy } from "../support/caddy-door.ts";
import { type HttpAnswer, httpCall } from "../support/http-call.ts";
import { openEndpoint } from "../support/open-endpoint.ts";
import { freePort, Sandbox } from "../support/program.ts";

/** One who is asked, and the words that stand for its addresses. */
interface Asked {
  readonly port: number;
  readonly words: Readonly<Record<string, string>>;
}

const sandbox = new Sandbox();
const installed =
  /v?(\d+\.\d+\.\d+)/.exec(spawnSync("caddy", ["version"], { encoding: "utf8" }).stdout)?.[1] ?? "";
let caddy: Asked;
let ours: Asked;
let reference: StockCaddy;
let door: CaddyDoor;
let endpoint: AdminEndpoint;

async function asked(name: string): Promise<Asked> {
  const port = await freePort();
  return { port, words: { $ADMIN: `localhost:${port}`, $SITE: sandbox.path(`${name}.sock`) } };
}

const filledIn = (text: string, { words }: Asked, etag = "") =>
  Object.entries({ ...words, $ETAG: etag }).reduce((out, [word, value]) => out.replaceAll(word, value), text);
const takenOut = (text: string, { words }: Asked) =>
  Object.entries(words).reduce((out, [word, value]) => out.replaceAll(value, word), text);
const documentOf = (who: Asked) => JSON.parse(filledIn(JSON.stringify(startDocument), who)) as Document;

beforeAll(async () => {
  [caddy, ours] = [await asked("caddy"), await asked("ours")];
  reference = new StockCaddy(documentOf(caddy), sandbox.folder);
  door = await CaddyDoor.open(documentOf(ours), sandbox.folder);
  await reference.ready();
  endpoint = await openEndpoint({
    address: `localhost:${ours.port}`,
    config: door,
    caddySocket: () => door.socket,
  });
});
afterAll(async () => {
  await endpoint.close();
  await Promise.all([door.close(), reference.stop()]);
  await sandbox.remove();
});

const isOlderThan = (since: string) => installed.localeCompare(since, undefined, { numeric: true }) < 0;

async function ask(who: Asked, step: Step, etag: string): Promise<HttpAnswer> {
  const headers = Object.entries(step.headers ?? {}).map(([name, value]) => [
    name,
    filledIn(value, who, etag),
  ]);
  return httpCall(who.port, {
    ...step,
    headers: Object.fromEntries(headers) as Record<string, string>,
    ...(step.body === undefined ? {} : { body: filledIn(String(step.body), who) }),
  });
}

/** What is compared of an answer: an Etag is there or not, and begins with the path; its hash is opaque. */
function comparable({ status, headers, body }: HttpAnswer, who: Asked) {
  return {
    status,
    body: takenOut(body, who),
    type: headers["content-type"],
    location: headers.location,
    allow: headers.allow,
    etag: String(headers.etag).replace(/[0-9a-f]+"$/, ""),
    nosniff: headers["x-content-type-options"],
  };
}

function expected(answer: ReturnType<typeof comparable>, newer: Newer | undefined) {
  if (newer === undefined || !isOlderThan(newer.since)) return answer;
  const { status, body = answer.body } = newer;
  // The list would lie if the old one answered the same.
  expect({ status: answer.status, body: answer.body }).not.toEqual({ status, body });
  const isError = status >= 400;
  return { ...answer, status, body, type: isError ? "application/json" : undefined, etag: "undefined" };
}

describe(`answers as Caddy ${installed} does, save for what newer ones changed`, () => {
  for (const { name, steps } of scripts) {
    it(name, async () => {
      const start = { method: "POST", path: "/load", headers: { "content-type": "application/json" } };
      for (const who of [caddy, ours])
        expect((await httpCall(who.port, { ...start, body: JSON.stringify(documentOf(who)) })).status).toBe(
          200,
        );
      for (const [at, step] of steps.entries()) {
        const etags = await Promise.all(
          [caddy, ours].map(async ({ port }) => {
            const { headers } = await httpCall(port, { path: "/config/apps/http/servers/s/routes" });
            return String(headers.etag);
          }),
        );
        const theirs = comparable(await ask(caddy, step, etags[0] ?? ""), caddy);
        const found = comparable(await ask(ours, step, etags[1] ?? ""), ours);
        const what = `${at}: ${step.method ?? "GET"} ${step.path} ${step.body ?? ""}`;
        if (step.own === undefined) {
          expect({ what, ...found }).toEqual({ what, ...expected(theirs, step.newer) });
          continue;
        }
        const { why, ...answer } = step.own;
        expect({ what, ...found }).toMatchObject({ what, ...answer });
        expect(theirs, why).not.toMatchObject(answer);
      }
    });
  }
});
