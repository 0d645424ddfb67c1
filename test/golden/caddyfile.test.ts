import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { shadowOf } from "../../src/caddy/shadow.ts";
import { parse, tokenize } from "../../src/caddyfile/index.ts";
import { parseTokens } from "../../src/caddyfile/parse.ts";
import { adapt } from "../../src/config/adapt.ts";
import { type CaddyfileLine, raisedByCaddyAlone, withFiles } from "../support/caddyfile-vectors.ts";
import { type Outcome, outcomeOf, readVectors } from "./read-vectors.ts";

const lines = readVectors<CaddyfileLine>("caddyfile.jsonl");
const { caddyfile: floor } = JSON.parse(
  readFileSync(new URL("floors.json", import.meta.url), "utf8"),
) as Record<string, number>;

function expected<T>(value: T | undefined, error: string | undefined, none: T): Outcome<T> {
  return error === undefined ? { value: value ?? none } : { error };
}

/** Errors name files by their absolute paths. */
function inFolder<T>(outcome: Outcome<T>, folder: string): Outcome<T> {
  return JSON.parse(JSON.stringify(outcome).replaceAll(folder, "$DIR")) as Outcome<T>;
}

let passed = 0;

describe.each(lines)("$name", (line) => {
  it("gives the tokens, the blocks and our half of the JSON", () => {
    withFiles(line, (cwd, env) => {
      const tokens = outcomeOf(() => tokenize(line.caddyfile, "Caddyfile"));
      expect(tokens).toEqual(expected(line.tokens, line.lex_error, []));

      const blocks = outcomeOf(() => parse(line.caddyfile, { cwd, env }));
      expect(inFolder(blocks, cwd)).toEqual(expected(line.blocks, line.parse_error, []));

      const ours = outcomeOf(
        () => adapt(line.caddyfile, { cwd, env, compat: true }).config.apps?.supervisor ?? null,
      );
      if (line.error !== undefined && raisedByCaddyAlone.test(line.error)) expect(ours.error).toBeUndefined();
      else expect(inFolder(ours, cwd)).toEqual(expected(line.adapted?.apps?.supervisor, line.error, null));
    });
    passed++;
  });
});

describe.each(lines.filter(({ error }) => error !== undefined && raisedByCaddyAlone.test(error)))(
  "$name, whose error is Caddy's",
  (line) => {
    it("is passed on with the user's own file and line", () => {
      withFiles(line, (cwd, env) => {
        const folder = join(cwd, "private");
        mkdirSync(folder);
        const shadow = shadowOf(parseTokens(line.caddyfile, { cwd, env }), { folder, cwd });
        for (const { path, text } of shadow.files) writeFileSync(path, text);
        const { stderr, status, error } = spawnSync(
          "caddy",
          ["adapt", "--adapter", "caddyfile", "--config", shadow.main],
          { env: { ...env, ...shadow.env }, encoding: "utf8" },
        );
        if (error) throw new Error("this test needs the stock `caddy` in PATH: install the package `caddy`");
        const message = shadow.mapMessage(stderr);
        expect(message).not.toContain(folder);
        const place = /^Caddyfile:\d+/.exec(line.error ?? "")?.[0];
        if (place !== undefined) {
          expect(status).toBe(1);
          expect(message).toContain(place);
        }
      });
    });
  },
);

afterAll(() => {
  expect(passed).toBeGreaterThanOrEqual(floor ?? 0);
});
