import type { HttpCall } from "./http-call.ts";

/** What newer Caddys answer, where the one that runs may be older. */
export interface Newer {
  readonly since: string;
  readonly status: number;
  readonly body?: string;
}

/** Where we differ on purpose from every Caddy. */
export interface OurOwn {
  readonly why: string;
  readonly status: number;
  readonly body?: string;
}

export interface Step extends HttpCall {
  readonly newer?: Newer;
  readonly own?: OurOwn;
}

export interface Script {
  readonly name: string;
  /** `$ADMIN` and `$SITE` stand for the addresses of the one who is asked. */
  readonly steps: readonly Step[];
}

/** Every script begins with this document. */
export const startDocument = {
  admin: { listen: "$ADMIN", config: { persist: false } },
  apps: {
    http: {
      servers: {
        s: {
          listen: ["unix/$SITE"],
          routes: [
            { "@id": "first", handle: [{ handler: "static_response", body: "<one> & two" }] },
            { "@id": 22, handle: [{ "@id": "inner", handler: "static_response", status_code: 204 }] },
          ],
        },
      },
    },
  },
};

const routes = "/config/apps/http/servers/s/routes";
const json = { "content-type": "application/json" };
const route = (body: string) => JSON.stringify({ handle: [{ handler: "static_response", body }] });
const get = (path: string, more: Partial<Step> = {}): Step => ({ path, ...more });
const send = (method: string, path: string, body: string, more: Partial<Step> = {}): Step => ({
  method,
  path,
  body,
  headers: json,
  ...more,
});
const notCanonical = (path: string, index: string) => ({
  since: "2.11.3",
  status: 400,
  body: `{"error":"[${path}] non-canonical array index: ${index}"}\n`,
});
const caddyfile = (text: string) => `{\n\tadmin $ADMIN\n}\n${text}`;
const loadText = (path: string, type: string, body: string, more: Partial<Step> = {}): Step => ({
  method: "POST",
  path,
  headers: { "content-type": type },
  body,
  ...more,
});

export const scripts: readonly Script[] = [
  {
    name: "reading",
    steps: [
      get("/config/"),
      get("/config/?x=y"),
      get("/config/admin"),
      get("/config/nope"),
      get("/config/nope/deeper"),
      get("/config/constructor"),
      get("/config/__proto__"),
      get("/config/apps/__proto__/x"),
      get("/config/..."),
      get("/config/apps/..."),
      get("/config/apps/http/"),
      get(routes),
      get(`${routes}/`),
      get(`${routes}/...`),
      get(`${routes}/0`),
      get(`${routes}/0/handle/0/body`),
      get(`${routes}/0/handle/0/body/x`),
      get(`${routes}/9`),
      get(`${routes}/9/handle`),
      get(`${routes}/-1`),
      get(`${routes}/x`),
      get(`${routes}/x/handle`),
      get(`${routes}/%22`),
      get(`${routes}/99999999999999999999`),
      get(`${routes}/01`, { newer: notCanonical(`${routes}/01`, "01") }),
      get(`${routes}/+0`, { newer: notCanonical(`${routes}/+0`, "+0") }),
      get("/config/apps/http/servers/s/routes/0/handle/0"),
      get("/config/a%2Fb/c"),
      get("/config/a%20b"),
      get("/config/%C3%A9"),
    ],
  },
  {
    name: "paths and methods",
    steps: [
      get("/config"),
      get("/id"),
      get("//config/"),
      get("/config/../config/apps"),
      get("/config//apps?x=y"),
      { method: "POST", path: "/config", body: "x" },
      get("/config/%zz"),
      get("/"),
      get("/nope"),
      get("/CONFIG/"),
      { method: "POST", path: "/nope" },
      { method: "HEAD", path: "/config/" },
      { method: "OPTIONS", path: "/config/" },
      { method: "TRACE", path: "/config/" },
      get("/load"),
      get("/adapt"),
      get("/stop"),
      { method: "PUT", path: "/load" },
      {
        method: "POST",
        path: "/config/",
        headers: { upgrade: "websocket", connection: "upgrade" },
        newer: { since: "2.11.0", status: 400 },
      },
      get("/config/", { headers: { host: "evil.example" } }),
      get("/config/", { headers: { host: "localhost" } }),
      get("/reverse_proxy/upstreams"),
      { method: "POST", path: "/reverse_proxy/upstreams" },
    ],
  },
  {
    name: "arrays",
    steps: [
      send("POST", routes, route("appended")),
      get(routes),
      send("POST", `${routes}/0`, route("appended too")),
      send("POST", `${routes}/...`, `[${route("a")},${route("b")}]`),
      send("POST", `${routes}/...`, "[]"),
      send("POST", `${routes}/...`, '{"a":1}'),
      get(routes),
      send("PUT", `${routes}/0`, route("inserted")),
      send("PATCH", `${routes}/1`, route("replaced")),
      get(routes),
      send("PUT", routes, "[]", { newer: { since: "2.7.5", status: 409 } }),
      send("PUT", `${routes}/99`, route("x")),
      send("PATCH", `${routes}/99`, route("x")),
      send("PATCH", `${routes}/x`, route("x")),
      { method: "DELETE", path: `${routes}/99` },
      { method: "DELETE", path: `${routes}/0` },
      get(routes),
      send("PATCH", routes, "[]"),
      get(routes),
      send("PUT", `${routes}/0`, route("behind the last"), {
        newer: { since: "2.10.0", status: 200, body: "" },
      }),
    ],
  },
  {
    name: "objects",
    steps: [
      send("POST", "/config/apps/http/servers/t", '{"listen":["unix/$SITE.t"]}'),
      get("/config/apps/http/servers"),
      send("POST", "/config/apps/http/servers/t", '{"listen":["unix/$SITE.u"]}'),
      get("/config/apps/http/servers"),
      send("PUT", "/config/apps/http/servers/t", "{}", { newer: { since: "2.7.5", status: 409 } }),
      send("PUT", "/config/logging/logs/x/level", '"INFO"'),
      get("/config/logging"),
      send("PATCH", "/config/logging/logs/x/level", '"ERROR"'),
      send("PATCH", "/config/nope", "1", { newer: { since: "2.7.5", status: 404 } }),
      { method: "DELETE", path: "/config/logging" },
      get("/config/"),
      {
        method: "DELETE",
        path: "/config/logging",
        newer: {
          since: "2.7.5",
          status: 404,
          body: '{"error":"[/config/logging] key does not exist: logging"}\n',
        },
      },
      send("PUT", "/config/", "{}", { newer: { since: "2.7.5", status: 409 } }),
      send("POST", "/config/nope/deeper", "1"),
      send("POST", "/config/admin/listen/x", "1"),
    ],
  },
  {
    name: "bodies",
    steps: [
      send("POST", "/config/logging", "{bad"),
      send("POST", "/config/logging", '{"a":1} x'),
      send("POST", "/config/logging", '{"a":1e999}'),
      send("POST", "/config/logging", '{"a":01}'),
      send("POST", "/config/logging", "nul"),
      send("POST", "/config/logging", "["),
      send("POST", "/config/logging", "\ufeff{}"),
      send("POST", "/config/logging", "{}", { headers: { "content-type": "text/plain" } }),
      send("POST", "/config/logging", "{}", { headers: {} }),
      send("POST", "/config/logging", "{}", { headers: { "content-type": "text/json; charset=utf-8" } }),
      send("PUT", `${routes}/0`, '{"terminal":true,"group":"\\ud83d\\ude00 \\ud800 <&>\\u2028\\u0001\\/"}'),
      get(`${routes}/0`),
      send("PUT", "/config/apps/http/http_port", "9007199254740993"),
      get("/config/apps/http/http_port"),
    ],
  },
  {
    name: "what does not load changes nothing",
    steps: [
      send("POST", "/config/apps/nope", "{}"),
      get("/config/apps"),
      send("POST", "/config/nope", "{}"),
      send("PATCH", "/config/apps", "[]"),
      send("PATCH", "/config/admin", '{"listen":"$ADMIN","nope":1}'),
      send("PUT", "/config/apps/http/servers/s/x/y", "{}"),
      get("/config/"),
      send("POST", "/load", '{"admin":{"listen":"$ADMIN"},"nope":1}'),
      send("POST", "/load", '{"admin":{"listen":"$ADMIN"},"apps":{"http":{"servers":{"s":{"x":1}}}}}'),
      send("POST", "/load", "{bad"),
      get("/config/"),
    ],
  },
  {
    name: "ids",
    steps: [
      get("/id/"),
      get("/id/first"),
      get("/id/first/"),
      get("/id/first/handle/0/body"),
      get("/id/22/handle"),
      get("/id/inner"),
      get("/id/zzz"),
      get("/id/constructor"),
      send("PUT", "/id/zzz", "{}"),
      send("PATCH", "/id/inner/status_code", "205"),
      get("/id/inner"),
      send("POST", routes, '{"@id":"x&y/z","handle":[]}'),
      get("/id/x%26y/z"),
      send("PATCH", `${routes}/2`, '{"@id":"x&y","handle":[]}'),
      get("/id/x%26y"),
      { method: "OPTIONS", path: "/id/first" },
      { method: "DELETE", path: "/id/first" },
      get("/id/first"),
      get("/id/22"),
      send("PUT", `${routes}/0`, '{"@id":true}', { newer: { since: "2.11.0", status: 400 } }),
    ],
  },
  {
    name: "ids that are used twice",
    steps: [
      send("POST", routes, '{"@id":"first"}', {
        newer: {
          since: "2.11.2",
          status: 400,
          body: `{"error":"indexing config: ${routes}/2: duplicate ID 'first': it is already used at ${routes}/0"}\n`,
        },
      }),
    ],
  },
  {
    name: "If-Match",
    steps: [
      send("POST", routes, route("a"), { headers: { ...json, "if-match": "xyz" } }),
      send("POST", routes, route("a"), { headers: { ...json, "if-match": "*" } }),
      send("POST", routes, route("a"), { headers: { ...json, "if-match": '"' } }),
      send("POST", routes, route("a"), { headers: { ...json, "if-match": '"xyz"' } }),
      send("POST", routes, route("a"), { headers: { ...json, "if-match": '"a b c"' } }),
      send("POST", routes, route("a"), { headers: { ...json, "if-match": `"${routes} 00"` } }),
      send("POST", routes, route("a"), { headers: { ...json, "if-match": '"/config/nope/deeper 00"' } }),
      send("POST", routes, route("a"), { headers: { ...json, "if-match": "$ETAG" } }),
      get(routes),
    ],
  },
  {
    name: "an array within an array",
    steps: [
      send("PUT", `${routes}/0`, '{"handle":[{"handler":"vars","x":[["a","b"]]}]}'),
      get(`${routes}/0/handle/0/x/0`),
      get(`${routes}/0/handle/0/x/0/1`, {
        own: { why: "Caddy walks past the element and answers nothing", status: 200, body: '"b"\n' },
      }),
      send("PATCH", `${routes}/0/handle/0/x/0`, '["c"]'),
      get(`${routes}/0/handle/0/x`),
    ],
  },
  {
    name: "/load",
    steps: [
      loadText("/load", "text/caddyfile", caddyfile(":80 {\n\tbind unix/$SITE\n\trespond <b>\n}\n")),
      get("/config/"),
      loadText("/load", "text/caddyfile", caddyfile(":80 {\n  bind unix/$SITE\n}\n")),
      loadText("/load", "text/caddyfile", caddyfile("").replace("}", "\tnope\n}")),
      loadText("/load", "text/caddyfile", caddyfile(":80 {\n  bind unix//nowhere/at/all\n}\n"), {
        own: {
          why: "Caddy writes the warnings before it loads: its status is 200 though nothing was loaded",
          status: 400,
        },
      }),
      loadText("/load", "text/nginx", "x"),
      loadText("/load", "foo", "x"),
      loadText("/load", "application/json/x", "x"),
      loadText("/load", "application/json; charset=utf-8", JSON.stringify(startDocument)),
      { method: "POST", path: "/load", body: JSON.stringify(startDocument) },
      send("POST", "/load", JSON.stringify(startDocument), {
        headers: { ...json, "cache-control": "must-revalidate" },
      }),
      get("/config/"),
      get("/id/first"),
    ],
  },
  {
    name: "/adapt",
    steps: [
      loadText("/adapt", "text/caddyfile", caddyfile(":80 {\n\trespond <b>\n}\n")),
      loadText("/adapt", "text/caddyfile", caddyfile(":80 {\n  respond <b>\n}\n")),
      loadText("/adapt", "text/caddyfile", "{\n\tnope\n}\n"),
      loadText("/adapt", "application/json", '{"b":1,"a":{"d":[],"c":"<"}}'),
      { method: "POST", path: "/adapt", body: '{"b":1}' },
      loadText("/adapt", "application/json", "{bad"),
      loadText("/adapt", "text/nginx", "x"),
      loadText("/adapt", "foo", "x"),
    ],
  },
];
