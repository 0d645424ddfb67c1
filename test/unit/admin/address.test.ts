import { describe, expect, it } from "vitest";
import { endpointAddress, parseAdminAddress } from "../../../src/admin/address.ts";
import { allowedHosts } from "../../../src/admin/hosts.ts";
import type { Document } from "../../../src/caddy/private-config.ts";

const parse = (text: string, env = {}) => parseAdminAddress(text, env);

describe("parseAdminAddress", () => {
  it.each([
    ["localhost:2019", { kind: "tcp", host: "localhost", port: 2019, text: "localhost:2019" }],
    [":2019", { kind: "tcp", host: "", port: 2019, text: ":2019" }],
    ["tcp/127.0.0.1:1", { kind: "tcp", host: "127.0.0.1", port: 1, text: "127.0.0.1:1" }],
    ["[::1]:2019", { kind: "tcp", host: "::1", port: 2019, text: "[::1]:2019" }],
    ["unix//run/a.sock", { kind: "unix", path: "/run/a.sock", mode: 0o600, text: "unix//run/a.sock" }],
    [
      "unix//run/a.sock|0660",
      { kind: "unix", path: "/run/a.sock", mode: 0o660, text: "unix//run/a.sock|0660" },
    ],
  ])("reads %j", (text, address) => {
    expect(parse(text)).toEqual(address);
  });

  it("replaces environment placeholders", () => {
    expect(parse("localhost:{env.PORT}", { PORT: "99" })).toMatchObject({ port: 99 });
  });

  it.each([
    "localhost",
    "localhost:abc",
    "localhost:70000",
    "udp/localhost:1",
    "a:b:c",
    "unix//run/a.sock|0999",
    "unix//run/a.sock|0460",
  ])("refuses %j", (text) => {
    expect(() => parse(text)).toThrow(`invalid admin address '${text}'`);
  });
});

describe("endpointAddress", () => {
  const address = (document: Document, env = {}, isSupervisorfile = false) =>
    endpointAddress({ document, isSupervisorfile }, env)?.text;

  it("is what the configuration says, else CADDY_ADMIN, else Caddy's default", () => {
    const env = { CADDY_ADMIN: "localhost:1" };
    expect([address({}), address({}, env), address({ admin: { listen: "localhost:2" } }, env)]).toEqual([
      "localhost:2019",
      "localhost:1",
      "localhost:2",
    ]);
  });

  it("is none with `admin off` and for a Supervisorfile", () => {
    expect([address({ admin: { disabled: true } }), address({}, {}, true)]).toEqual([undefined, undefined]);
  });
});

describe("allowedHosts", () => {
  it.each([
    ["localhost:2019", {}, ["localhost:2019", "127.0.0.1:2019", "[::1]:2019"]],
    ["10.0.0.1:2019", {}, ["10.0.0.1:2019"]],
    [":2019", {}, undefined],
    ["unix//run/a.sock", {}, undefined],
    ["localhost:2019", { origins: ["https://ops.example", "other"] }, ["ops.example", "other"]],
  ])("%j with %j", (address, config, hosts) => {
    expect(allowedHosts(parse(address), config)).toEqual(hosts);
  });
});
