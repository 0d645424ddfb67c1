import { SupervisorError } from "../errors.ts";

/**
 * The variables of an env file, in Caddy's form (its cmd/main.go): `KEY=VALUE` lines, an optional `export `, comments
 * from `#` on, double-quoted values that may span lines.
 *
 * @throws SupervisorError `ENV_FILE` for a line that is no `KEY=VALUE`
 */
export function parseEnvFile(text: string, file: string): Record<string, string> {
  const variables: Record<string, string> = Object.create(null) as Record<string, string>;
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  for (let number = 0; number < lines.length; number++) {
    const line = (lines[number] ?? "").trim();
    if (line === "" || line.startsWith("#")) continue;
    const place = { file, line: number + 1 };
    const equals = line.indexOf("=");
    const key = line
      .slice(0, Math.max(equals, 0))
      .replace(/^export\s+/, "")
      .trim();
    if (equals < 0 || key === "" || /\s/.test(key)) {
      throw new SupervisorError(
        "ENV_FILE",
        `can't parse line ${place.line}; should be in KEY=VALUE format, at ${file}:${place.line}`,
        {
          place,
        },
      );
    }
    if (line.includes("\0")) {
      throw new SupervisorError("ENV_FILE", `a variable holds a NUL byte, at ${file}:${place.line}`, {
        place,
      });
    }
    let value = line.slice(equals + 1).trimStart();
    if (value.startsWith('"')) {
      // A quoted value ends at the next quote, on whichever line that stands.
      while (value.indexOf('"', 1) < 0) {
        if (++number >= lines.length) {
          throw new SupervisorError(
            "ENV_FILE",
            `the quoted value of ${key} does not end, at ${file}:${place.line}`,
            { place },
          );
        }
        value += `\n${lines[number]}`;
      }
      variables[key] = value.slice(1, value.indexOf('"', 1));
    } else {
      variables[key] = value.replace(/\s*#.*$/, "").trimEnd();
    }
  }
  return variables;
}
