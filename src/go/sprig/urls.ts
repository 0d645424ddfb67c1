import {
  GoError,
  type GoFunctionEntry,
  type GoMap,
  type GoValue,
  kindOf,
  mapStringAny,
  stringOf,
} from "../values/index.ts";
import { entry } from "./entry.ts";
import { hostnameOf, parseUrl, urlText, userText } from "./url.ts";

/** `compute`, whose GoError gets the words of sprig's panic before its own. */
function panicking<Result>(complaint: string, compute: () => Result): Result {
  try {
    return compute();
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`${complaint}: ${error.message}`);
    throw error;
  }
}

function urlParse([text]: [string]): GoMap {
  const url = panicking("unable to parse url", () => parseUrl(text));
  const { scheme, host, path, query, opaque, fragment, user } = url;
  return mapStringAny([
    ["scheme", scheme],
    ["host", host],
    ["hostname", hostnameOf(url)],
    ["path", path],
    ["query", query],
    ["opaque", opaque],
    ["fragment", fragment],
    ["userinfo", user ? userText(user) : ""],
  ]);
}

/** sprig url.go, dictGetOrEmpty */
function partOf(map: GoMap, key: string): string {
  if (!map.entries.has(key)) return "";
  const value: GoValue = map.entries.get(key) ?? null;
  if (value === null) throw new GoError("runtime error: invalid memory address or nil pointer dereference");
  const text = stringOf(value);
  if (text !== undefined) return text;
  throw new GoError(`unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`);
}

function urlJoin([map]: [GoMap]): string {
  const url = {
    scheme: partOf(map, "scheme"),
    host: partOf(map, "host"),
    path: partOf(map, "path"),
    query: partOf(map, "query"),
    opaque: partOf(map, "opaque"),
    fragment: partOf(map, "fragment"),
  };
  const userinfo = partOf(map, "userinfo");
  if (userinfo === "") return urlText(url);
  const { user } = panicking("unable to parse userinfo in dict", () => parseUrl(`proto://${userinfo}@host`));
  return urlText(user ? { ...url, user } : url);
}

/** URLs and their parts (sprig url.go on Go's net/url). */
export const urlFunctions: readonly GoFunctionEntry[] = [
  entry("urlJoin", "func(map[string]any) string", urlJoin),
  entry("urlParse", "func(string) map[string]any", urlParse),
];
