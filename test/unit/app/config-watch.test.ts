import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ConfigWatch } from "../../../src/app/config-watch.ts";

let folder: string;
const watches: ConfigWatch[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "csv-watch-"));
});
afterEach(() => {
  for (const watch of watches.splice(0)) watch.close();
  rmSync(folder, { recursive: true, force: true });
});

function watchOver(path: string, since: number, onChange: () => void): void {
  const onError = (error: Error) => {
    throw error;
  };
  const watch = new ConfigWatch({ onChange, onError });
  watches.push(watch);
  watch.follow([path], since);
}

it("tells of what was written while the files were being read", async () => {
  const path = join(folder, "Caddyfile");
  const began = Date.now();
  writeFileSync(path, "written after it was read");
  await new Promise<void>((told) => watchOver(path, began, told));
});

it("does not take a file from the future for one that was just written", async () => {
  const [ahead, control] = [join(folder, "ahead"), join(folder, "control")];
  const began = Date.now();
  writeFileSync(ahead, "");
  writeFileSync(control, "");
  utimesSync(ahead, began / 1000 + 86_400, began / 1000 + 86_400);
  let calls = 0;
  watchOver(ahead, began, () => {
    calls++;
  });
  // It is asked later, and answers after the same time.
  await new Promise<void>((told) => watchOver(control, began, told));
  expect(calls).toBe(0);
});

it("waits while the configuration itself is away", async () => {
  const [main, control] = [join(folder, "Caddyfile"), join(folder, "control")];
  writeFileSync(main, "one");
  writeFileSync(control, "one");
  let calls = 0;
  const back = new Promise<void>((told) =>
    watchOver(main, Number.POSITIVE_INFINITY, () => {
      calls++;
      told();
    }),
  );
  const changed = new Promise<void>((told) => watchOver(control, Number.POSITIVE_INFINITY, told));
  rmSync(main);
  writeFileSync(control, "longer");
  // It has the same folder, and so hears of the same events, after the first one.
  await changed;
  expect(calls).toBe(0);
  writeFileSync(main, "two");
  await back;
  expect(calls).toBe(1);
});
