import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sprigFunctions } from "../../../src/go/sprig/index.ts";
import { builtins } from "../../../src/go/template/builtins.ts";
import { executeOptions, type TemplateData } from "../../../src/go/template/index.ts";

const page = readFileSync(new URL("../../../docs/reference/templates.md", import.meta.url), "utf8");

/** The values that the page says its examples see. */
const data: TemplateData = {
  command: "php-fpm",
  replica: 2,
  args: ["--nodaemonize", "-y"],
  dir: "/srv/app",
  env: ["APP_ENV=production"],
  redirectStdout: { type: "file", file: "/var/log/out.log" },
  redirectStderr: { type: "stderr" },
  restartPolicy: "always",
  terminationGracePeriod: 10_000_000_000n,
  user: "www-data",
  stopSignal: 2,
};
const surroundings = {
  env: { HOME: "/home/me", APP_ENV: "production" },
  now: new Date("2026-01-02T03:04:05Z"),
  timeZone: "UTC",
};

const text = (cell: string) => cell.replace(/^(`+)(.*)\1$/, "$2").replaceAll("\\|", "|");

/** The cells of all table rows; a `|` inside a cell is escaped. */
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.slice(2, -2).split(/ (?<!\\)\| /));

const isExample = (cell: string | undefined) => cell?.startsWith("`") && cell.includes("{{");
const functionRows = rows.filter((cells) => cells.length === 4 && isExample(cells[2]));
const languageRows = rows.filter((cells) => cells.length === 3 && isExample(cells[1]));

describe("docs/reference/templates.md", () => {
  it.each(functionRows)("%s: %s: %s", (name = "", _, example = "", result = "") => {
    expect(example).toMatch(new RegExp(`[^.$\\w]${text(name)}\\b`));
    expect(executeOptions(text(example), data, surroundings)).toBe(text(result));
  });

  it.each(languageRows)("%s: %s", (_, example = "", result = "") => {
    expect(executeOptions(text(example), data, surroundings)).toBe(text(result));
  });

  it("has each function once, and no other", () => {
    const documented = functionRows.map(([name = ""]) => text(name)).sort();
    const known = new Set([...sprigFunctions.keys(), ...builtins.keys()]);
    expect(documented).toEqual([...known].sort());
  });

  it("shows the language", () => expect(languageRows.length).toBeGreaterThan(25));

  it("gives the values of the data that it shows", () => {
    const fields = rows.filter(([name, , value]) => name?.startsWith("`.") && value);
    expect(fields.length).toBeGreaterThan(9);
    for (const [names = "", , value = ""] of fields) {
      const [first = ""] = names.split(", ");
      expect(executeOptions(`{{ ${text(first)} }}`, data)).toBe(text(value));
    }
  });
});
