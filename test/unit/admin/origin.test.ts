import { expect, it } from "vitest";
import { originFault } from "../../../src/admin/origin.ts";

const hosts = ["localhost:2019"];
const denied = (origin: string) => `client is not allowed to access from origin '${origin}'`;

it.each([
  ["a program", {}, {}, undefined],
  ["Node's fetch", { "sec-fetch-mode": "cors" }, {}, undefined],
  ["stock Caddy's commands", { origin: "http://localhost:2019" }, {}, undefined],
  ["a page of another site", { origin: "http://evil.example" }, {}, denied("http://evil.example")],
  ["a page without an origin", { origin: "null" }, {}, denied("null")],
  [
    "an image of another site",
    { "sec-fetch-site": "cross-site" },
    {},
    "required Origin header is missing or invalid",
  ],
  [
    "nobody, when it is enforced",
    {},
    { enforce_origin: true },
    "required Origin header is missing or invalid",
  ],
  [
    "a referer, when it is enforced",
    { referer: "http://localhost:2019/x" },
    { enforce_origin: true },
    undefined,
  ],
])("%s", (_name, headers, config, fault) => {
  expect(originFault(headers, config, hosts)).toBe(fault);
});

it("where any host will do, a page may call the host that it came from", () => {
  const headers = { host: "caddy.lan:2019", origin: "http://caddy.lan:2019" };
  expect(originFault(headers, {}, undefined)).toBeUndefined();
  expect(originFault({ ...headers, origin: "http://evil.example" }, {}, undefined)).toBe(
    denied("http://evil.example"),
  );
});
