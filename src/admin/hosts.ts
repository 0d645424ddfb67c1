import type { AdminConfig } from "../caddy/private-config.ts";
import type { AdminAddress } from "./address.ts";

/** Addresses that answer for every interface: Caddy checks no host there. */
const wildcards: readonly string[] = ["", "0.0.0.0", "::"];
const loopbacks: readonly string[] = ["localhost", "127.0.0.1", "::1"];

/** What is to be told of an address that other machines may reach: on the first kind in Caddy's words. */
export function exposure(address: AdminAddress): string | undefined {
  if (address.kind === "unix" || loopbacks.includes(address.host) || address.host.startsWith("127."))
    return undefined;
  return wildcards.includes(address.host)
    ? "admin endpoint on open interface; host checking disabled"
    : "admin endpoint can be reached from other machines: whoever can may change the configuration";
}

/**
 * The names under which the endpoint may be called; undefined when any will do. Against DNS rebinding: a page of
 * somebody else's site can make a browser call us, but not under one of these names (caddy admin.go, checkHost).
 */
export function allowedHosts(address: AdminAddress, { origins }: AdminConfig): readonly string[] | undefined {
  if (origins !== undefined && origins.length > 0)
    return origins.map((origin) => origin.replace(/^[a-z]+:\/\//, ""));
  if (address.kind === "unix" || wildcards.includes(address.host)) return undefined;
  const hosts = loopbacks.includes(address.host) ? ["localhost", "127.0.0.1", "[::1]"] : [address.host];
  return hosts.map((host) => `${host}:${address.port}`);
}
