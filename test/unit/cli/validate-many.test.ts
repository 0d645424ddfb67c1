import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { main } from "../../../src/cli/main.ts";

const folder = mkdtempSync(join(tmpdir(), "validate-"));
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Generous: it takes a quarter of a second, the start of Node included. */
const longest = 5_000;

it("validates a thousand templated replicas at once", { timeout: 2 * longest }, async () => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const path = join(folder, "config.json");
  const definition = {
    command: [
      "true",
      '--port={{ add 8000 .Replica }} {{ if gt .Replica 999 }}{{ fail "one too many" }}{{ end }}',
    ],
    env: { NAME: "worker-{{ .Replica }}" },
  };
  const write = (replicas: number) =>
    writeFileSync(
      path,
      JSON.stringify({ apps: { supervisor: { supervise: [{ ...definition, replicas }] } } }),
    );
  write(1000);
  const start = performance.now();
  expect(await main(["validate", "--config", path])).toBe(0);
  expect(performance.now() - start).toBeLessThan(longest);

  const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  write(1001);
  expect(await main(["validate", "--config", path])).toBe(1);
  expect(told.mock.calls.join("")).toContain("one too many");
});
