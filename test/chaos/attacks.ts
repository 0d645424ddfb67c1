import { isAlive, until } from "../support/gates.ts";
import { type Arena, caddy, families, replicas } from "./arena.ts";
import type { Dice } from "./dice.ts";

/** One attack: strikes, and resolves when its effect was seen and what it broke is whole again. */
export type Attack = (arena: Arena, dice: Dice) => Promise<void>;

/** Kills of Caddy that one run bears within the patience of a test: 0, 1, 2 and 4 seconds of back-off. */
const mostCaddyKills = 4;
const caddyKills = new WeakMap<object, number>();

/** Kills one of what is steady. Resolves at once: the effect is for `mended`. */
async function strike(arena: Arena, dice: Dice): Promise<{ mended: () => Promise<void> }> {
  const spent = caddyKills.get(arena.run) ?? 0;
  const targets = spent < mostCaddyKills ? [...replicas, caddy] : replicas;
  // One that has just ended by itself has no successor as long as the supervisor is held up.
  const isUp = (name: string) => arena.leader(name) !== undefined;
  const name = await arena.until("somebody to kill", () => dice.pick(targets.filter(isUp)));
  if (name === caddy) caddyKills.set(arena.run, spent + 1);
  const before = await arena.until(name, () => arena.leader(name));
  process.kill(before, "SIGKILL");
  return { mended: () => arena.replaced(name, before) };
}

async function killAndRestart(arena: Arena): Promise<void> {
  await arena.killSupervisor();
  await arena.start();
}

/** Stops a process; the result lets it go on, if it still lives. */
function freeze(pid: number): () => void {
  process.kill(pid, "SIGSTOP");
  return () => {
    if (isAlive(pid)) process.kill(pid, "SIGCONT");
  };
}

export const attacks: Readonly<Record<string, Attack>> = {
  async "kill one"(arena, dice) {
    await (await strike(arena, dice)).mended();
  },

  async "kill all replicas"(arena) {
    const before = replicas.map((name) => [name, arena.leader(name)] as const);
    for (const [, pid] of before) if (pid !== undefined) process.kill(pid, "SIGKILL");
    for (const [name, pid] of before) await arena.replaced(name, pid);
  },

  async "kill a grandchild"(arena, dice) {
    const grandchildren = () =>
      arena.look().filter(({ leads, replica }) => !leads && families.includes(replica));
    await arena.until("a grandchild", () => grandchildren().length);
    const pid = dice.pick(grandchildren())?.pid;
    if (pid === undefined || !isAlive(pid)) return;
    process.kill(pid, "SIGKILL");
    await until(`grandchild ${pid} to be gone`, () => !isAlive(pid));
  },

  async "kill the supervisor"(arena) {
    await killAndRestart(arena);
  },

  async "stop a replica"(arena, dice) {
    const name = dice.pick(replicas) ?? caddy;
    const pid = await arena.until(name, () => arena.leader(name));
    const goOn = freeze(pid);
    if (dice.below(2) === 0) {
      await (await strike(arena, dice)).mended();
      goOn();
      return;
    }
    process.kill(pid, "SIGKILL");
    await arena.replaced(name, pid);
  },

  async "stop the supervisor"(arena, dice) {
    const goOn = freeze(arena.run.pid);
    const { mended } = await strike(arena, dice);
    if (dice.below(3) === 0) {
      await killAndRestart(arena);
      return;
    }
    goOn();
    await mended();
  },

  async "stop the guard"(arena, dice) {
    const goOn = freeze(await arena.until("the guard", () => arena.guard));
    if (dice.below(2) === 0) {
      await (await strike(arena, dice)).mended();
      goOn();
      return;
    }
    await arena.killSupervisor(goOn);
    await arena.start();
  },

  async "kill the guard"(arena) {
    const before = await arena.until("the guard", () => arena.guard);
    process.kill(before, "SIGKILL");
    await arena.until("another guard", () => {
      // One look: between two, the first one may go.
      const now = arena.guard;
      return now !== undefined && now !== before;
    });
  },

  async "fill the disk"(arena, dice) {
    await arena.fillDisk();
    await arena.diskMet();
    if (dice.below(3) === 0) await killAndRestart(arena);
    else await (await strike(arena, dice)).mended();
    await arena.freeDisk();
  },

  async "use up descriptors"(arena, dice) {
    const { run } = arena;
    const before = arena.limitDescriptors(run.pid, "3");
    // Some starts need none; then the program ends that can open nothing.
    const failures = () =>
      run.log.filter(({ error }) => String(error).includes("too many open files")).length;
    const failed = failures();
    const { mended } = await strike(arena, dice);
    await arena.until("something that fails for want of a descriptor", () => failures() > failed);
    if (dice.below(4) === 0) {
      await killAndRestart(arena);
      return;
    }
    arena.limitDescriptors(run.pid, before);
    await mended();
  },
};
