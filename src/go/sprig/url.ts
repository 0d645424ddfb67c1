import { quote } from "../strconv/quote.ts";
import { GoError } from "../values/index.ts";
import { escapeUrl, unescapeUrl } from "./url-escape.ts";

export interface UserInfo {
  readonly name: string;
  readonly password?: string;
}

/** A URL taken apart, its parts unescaped save the query (Go's net/url, URL). */
export interface Url {
  readonly scheme: string;
  /** What follows the scheme of a URL without a slash, such as `mailto:`. */
  readonly opaque: string;
  readonly user?: UserInfo;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

function fail(problem: string): never {
  throw new GoError(problem);
}

function cut(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

function splitScheme(text: string): [string, string] {
  if (text.startsWith(":")) fail("missing protocol scheme");
  const scheme = /^([A-Za-z][0-9A-Za-z+\-.]*):/.exec(text)?.[1];
  return scheme === undefined ? ["", text] : [scheme.toLowerCase(), text.slice(scheme.length + 1)];
}

function checkPort(text: string): void {
  if (!/^(?::[0-9]*)?$/.test(text)) fail(`invalid port ${quote(text)} after host`);
}

function parseHost(host: string): string {
  if (!host.startsWith("[")) {
    const colon = host.lastIndexOf(":");
    if (colon >= 0) checkPort(host.slice(colon));
    return unescapeUrl(host, "host");
  }
  const close = host.lastIndexOf("]");
  if (close < 0) fail("missing ']' in host");
  checkPort(host.slice(close + 1));
  // RFC 6874: an escaped percent sign brings in the zone of an IPv6 address.
  const zone = host.slice(0, close).indexOf("%25");
  if (zone < 0) return unescapeUrl(host, "host");
  return (
    unescapeUrl(host.slice(0, zone), "host") +
    unescapeUrl(host.slice(zone, close), "zone") +
    unescapeUrl(host.slice(close), "host")
  );
}

function parseUser(text: string): UserInfo {
  if (!/^[0-9A-Za-z\-._:~!$&'()*+,;=%@]*$/.test(text)) fail("net/url: invalid userinfo");
  const [name, password] = cut(text, ":");
  const unescaped = unescapeUrl(name, "user");
  return password === undefined
    ? { name: unescaped }
    : { name: unescaped, password: unescapeUrl(password, "user") };
}

function parseAuthority(text: string): { user?: UserInfo; host: string } {
  const at = text.lastIndexOf("@");
  const host = parseHost(text.slice(at + 1));
  return at < 0 ? { host } : { user: parseUser(text.slice(0, at)), host };
}

function parseWithoutFragment(text: string): Url {
  if (/[\x00-\x1f\x7f]/.test(text)) fail("net/url: invalid control character in URL");
  const empty = { scheme: "", opaque: "", host: "", path: "", query: "", fragment: "" };
  if (text === "*") return { ...empty, path: "*" };
  const [scheme, afterScheme] = splitScheme(text);
  const [rest, query = ""] = cut(afterScheme, "?");
  if (!rest.startsWith("/")) {
    if (scheme !== "") return { ...empty, scheme, opaque: rest, query };
    if (cut(rest, "/")[0].includes(":")) fail("first path segment in URL cannot contain colon");
  }
  if (!rest.startsWith("//") || (scheme === "" && rest.startsWith("///")))
    return { ...empty, scheme, path: unescapeUrl(rest, "path"), query };
  const slash = rest.indexOf("/", 2);
  const authority = parseAuthority(slash < 0 ? rest.slice(2) : rest.slice(2, slash));
  return {
    ...empty,
    ...authority,
    scheme,
    path: unescapeUrl(slash < 0 ? "" : rest.slice(slash), "path"),
    query,
  };
}

/**
 * Go's url.Parse.
 * @throws GoError with Go's text, which names the URL
 */
export function parseUrl(text: string): Url {
  const [body, fragment] = cut(text, "#");
  let named = body;
  try {
    const url = parseWithoutFragment(body);
    if (fragment === undefined || fragment === "") return url;
    named = text;
    return { ...url, fragment: unescapeUrl(fragment, "fragment") };
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`parse ${quote(named)}: ${error.message}`);
    throw error;
  }
}

/** Userinfo as it stands before the @ (Userinfo.String). */
export function userText({ name, password }: UserInfo): string {
  return escapeUrl(name, "user") + (password === undefined ? "" : `:${escapeUrl(password, "user")}`);
}

/** The host without port and brackets (URL.Hostname). */
export function hostnameOf({ host }: Url): string {
  const bare = host.replace(/:[0-9]*$/, "");
  return /^\[.*\]$/s.test(bare) ? bare.slice(1, -1) : bare;
}

/** The URL as one text (URL.String). */
export function urlText({ scheme, opaque, user, host, path, query, fragment }: Url): string {
  let out = scheme === "" ? "" : `${scheme}:`;
  if (opaque !== "") out += opaque;
  else {
    const hasAuthority = host !== "" || user !== undefined;
    if (hasAuthority || (scheme !== "" && path !== "")) out += "//";
    if (user) out += `${userText(user)}@`;
    out += escapeUrl(host, "host");
    const escaped = path === "*" ? path : escapeUrl(path, "path");
    if (escaped !== "" && !escaped.startsWith("/") && host !== "") out += "/";
    // A relative path with a colon in its first part would read as a scheme.
    if (out === "" && cut(escaped, "/")[0].includes(":")) out += "./";
    out += escaped;
  }
  if (query !== "") out += `?${query}`;
  return fragment === "" ? out : `${out}#${escapeUrl(fragment, "fragment")}`;
}
