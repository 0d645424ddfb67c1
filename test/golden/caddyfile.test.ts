import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shadowOf } from "../../src/caddy/shadow.ts";
import { parseTokens } from "../../src/caddyfile/parse.ts";
import { type CaddyfileLine, raisedByCaddyAlone, withFiles } from "../support/caddyfile-vectors.ts";
import { faultsOf, floors } from "./check-vectors.ts";
import { readVectors } from "./read-vectors.ts";

const lines = readVectors<CaddyfileLine>("caddyfile.jsonl");
it.each(lines)("$name", (line) => {
  expect(faultsOf(line)).toEqual([]);
});

it("has as many vectors as were recorded", () => {
  expect(lines.length).toBeGreaterThanOrEqual(floors.caddyfile);
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
