// Attacks in random order on everything that can be attacked. CHAOS_SECONDS (default 60) says for how long, CHAOS_SEED
// which: a failure prints its seed and the attacks so far.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { until } from "../support/gates.ts";
import { descendants, freePort, Sandbox } from "../support/program.ts";
import { mountSmallDisk, unmount } from "../support/small-disk.ts";
import { Arena } from "./arena.ts";
import { attacks } from "./attacks.ts";
import { Dice } from "./dice.ts";
import { faultsOf } from "./numbered-lines.ts";

const seconds = Number(process.env.CHAOS_SECONDS ?? 60);
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 2 ** 31);

/** Room for an hour of numbered lines. */
const diskKibibytes = 48 * 1024;

const sandbox = new Sandbox();
const disk = sandbox.path("disk");
let mounted = false;
let arena: Arena;

beforeAll(async () => {
  mkdirSync(disk);
  for (const replica of [0, 1]) mkdirSync(sandbox.path(`family-${replica}`));
  arena = new Arena(sandbox, disk, {
    site: await freePort(),
    admin: await freePort(),
    upstream: await freePort(),
  });
  mounted = mountSmallDisk(disk, diskKibibytes);
});

afterAll(async () => {
  for (const run of arena.runs) run.killIfAlive();
  // Nothing, unless the test has failed: then the guard is not to be relied on, either.
  await until("all to be gone", () => {
    const left = descendants(sandbox);
    spawnSync("kill", ["-KILL", ...left.map(String)], { stdio: "ignore" });
    return left.length === 0;
  });
  if (mounted) unmount(disk);
  rmSync(arena.runFolder, { recursive: true, force: true });
  await sandbox.remove();
});

it(
  `stays whole for ${seconds} s under attack (CHAOS_SEED=${seed})`,
  async () => {
    const dice = new Dice(seed);
    const possible = Object.keys(attacks).filter((name) => mounted || name !== "fill the disk");
    const done: string[] = [];
    try {
      await arena.start();
      const end = Date.now() + seconds * 1_000;
      while (Date.now() < end) {
        const name = dice.pick(possible) ?? "kill one";
        done.push(name);
        const begun = Date.now();
        await attacks[name]?.(arena, dice);
        done.push(`${done.pop()} (${Date.now() - begun} ms)`);
      }
      await arena.settled();
    } catch (error) {
      throw new Error(`CHAOS_SEED=${seed}, after ${done.join(", ")}:\n${arena.run.stderr.slice(-8_000)}`, {
        cause: error,
      });
    }
    console.log(`seed ${seed}: ${done.length} attacks, ${arena.runs.length} runs: ${done.join(", ")}`);
    expect(await arena.run.stop()).toBe(0);
    expect(arena.look()).toEqual([]);
    expect(existsSync(arena.runFolder)).toBe(false);
    for (const run of arena.runs) expect(run.stderr).not.toContain("event out of turn");
    expect(faultsOf(readFileSync(arena.lines, "latin1"), arena.fullDisks)).toEqual([]);
  },
  (seconds + 180) * 1_000,
);
