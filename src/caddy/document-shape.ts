/** Go's types, and what they are in JSON. */
const kinds = {
  bool: (value: unknown) => typeof value === "boolean",
  string: (value: unknown) => typeof value === "string",
  "[]string": (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  "caddy.ModuleMap": isObject,
  "caddy.AdminConfig": isObject,
  "caddy.ConfigSettings": isObject,
  "caddy.IdentityConfig": isObject,
  "caddy.RemoteAdmin": isObject,
} as const;

type Kind = keyof typeof kinds;

/** Caddy's AdminConfig: the child never sees the user's, so that nobody else would check it. */
const adminFields: Readonly<Record<string, Kind>> = {
  disabled: "bool",
  listen: "string",
  enforce_origin: "bool",
  origins: "[]string",
  config: "caddy.ConfigSettings",
  identity: "caddy.IdentityConfig",
  remote: "caddy.RemoteAdmin",
};

/**
 * Checks the parts of a document that we look into ourselves; the rest is for Caddy to judge. Null is a document
 * without anything in it.
 *
 * @throws Error in the words of encoding/json, as Caddy gives them
 */
export function checkDocument(document: unknown): void {
  if (document === null) return;
  if (!isObject(document))
    throw new Error(`json: cannot unmarshal ${kindOf(document)} into Go value of type caddy.Config`);
  checkField("Config.apps", document.apps, "caddy.ModuleMap");
  checkField("Config.admin", document.admin, "caddy.AdminConfig");
  for (const [name, value] of Object.entries(document.admin ?? {})) {
    const kind = Object.hasOwn(adminFields, name) ? adminFields[name] : undefined;
    if (kind === undefined) throw new Error(`json: unknown field ${JSON.stringify(name)}`);
    checkField(`AdminConfig.admin.${name}`, value, kind);
  }
}

function checkField(field: string, value: unknown, kind: Kind): void {
  if (value === undefined || value === null || kinds[kind](value)) return;
  throw new Error(`json: cannot unmarshal ${kindOf(value)} into Go struct field ${field} of type ${kind}`);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
