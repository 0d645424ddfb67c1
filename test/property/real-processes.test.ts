import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import type { RestartPolicy } from "../../src/config/definition.ts";
import { aliveStates } from "../../src/supervise/transitions.ts";
import { until } from "../support/gates.ts";
import { type Fault, Puppet } from "../support/puppet.ts";
import { type ModelRules, ReplicaModel, toRules } from "../support/replica-model.ts";

/** The nightly run asks for 10000. */
const scripts = Number(process.env.SCRIPTS ?? 200);

const folder = mkdtempSync(join(tmpdir(), "puppet-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Reality {
  readonly puppet: Puppet;
  /** What ran after the step before. */
  pid: number | undefined;
  life: number;
}

/** What must hold after every step. */
async function agree(reality: Reality, model: ReplicaModel): Promise<void> {
  const { puppet } = reality;
  const { supervisor } = puppet;
  model.arrive();
  const told = () =>
    `state ${model.state} of life ${model.lives}, it is ${supervisor.state} of ${supervisor.life}`;
  expect(model.state, "what the table says").toBe(model.expected);
  await until(told(), () => supervisor.state === model.state && supervisor.life === model.lives, 1).catch(
    () => {
      throw new Error(`waited in vain for ${told()}`);
    },
  );

  const lives = aliveStates.includes(model.state);
  expect(puppet.alive, "living processes").toBe(lives ? 1 : 0);
  expect(puppet.ends, "each end is told once").toEqual(
    Array.from({ length: model.lives - (lives ? 1 : 0) }, (_, index) => index + 1),
  );
  if (lives && reality.life === model.lives)
    expect(supervisor.pid, "the process is left alone").toBe(reality.pid);
  reality.pid = supervisor.pid;
  reality.life = supervisor.life;

  expect(supervisor.waiting?.until, "the end of the wait").toBe(
    model.state === "waiting" ? model.due : undefined,
  );
  expect((supervisor.waiting?.until ?? 0) - puppet.clock.now()).toBeLessThanOrEqual(300_000);
  expect(supervisor.restarts, "restarts").toBe(model.restarts);
  expect(puppet.clock.pending, "timers").toBe(model.due === undefined ? 0 : 1);
}

type Step = fc.AsyncCommand<ReplicaModel, Reality>;

const step = (
  name: string,
  check: (model: ReplicaModel) => boolean,
  run: (model: ReplicaModel, puppet: Puppet) => void | Promise<void>,
): Step => ({
  check,
  async run(model, reality) {
    await run(model, reality.puppet);
    await agree(reality, model);
  },
  toString: () => name,
});

const always = () => true;
const isUp = ({ state }: ReplicaModel) => state === "started" || state === "ready";
const obeys = (model: ReplicaModel) => isUp(model) && !model.flooding;

type Wish = "start" | "stop" | "kill" | "retry";

/** One wish, or several at once: a stop and a start are what a reload does to a replica that has changed. */
const wish = (...wishes: Wish[]) =>
  step(wishes.join("+"), always, (model, { supervisor }) => {
    for (const each of wishes) {
      void (each === "start" ? supervisor.run() : supervisor[each]());
      model.take(each);
    }
  });

const readies = step(
  "becomes ready",
  ({ state }) => state === "started",
  (model, puppet) => {
    puppet.becomeReady();
    model.becomesReady();
  },
);

const exits = (code: number) =>
  step(`exit ${code}`, obeys, (model, puppet) => {
    puppet.tell(`exit ${code}`);
    model.ends(code);
  });

const killedFromOutside = step("killed from outside", isUp, (model, { supervisor }) => {
  process.kill(supervisor.pid ?? 0, "SIGKILL");
  model.ends(undefined);
});

const becomesStubborn = step(
  "stubborn",
  (model) => obeys(model) && !model.stubborn,
  async (model, puppet) => {
    await puppet.makeStubborn();
    model.stubborn = true;
  },
);

const breaks = (fault: Fault | undefined) =>
  step(fault === undefined ? "mend" : `break: ${fault}`, always, async (model, puppet) => {
    await puppet.setFault(fault);
    model.fault = fault;
  });

const stalls = step(
  "output stalls",
  (model) => obeys(model) && model.hasRoom,
  async (model, puppet) => {
    puppet.stall();
    await puppet.flood();
    model.hasRoom = false;
    model.flooding = true;
  },
);

const floods = step(
  "flood",
  (model) => obeys(model),
  async (model, puppet) => {
    await puppet.flood();
    model.flooding = !model.hasRoom;
  },
);

const flows = step(
  "output flows",
  ({ hasRoom }) => !hasRoom,
  async (model, puppet) => {
    await puppet.makeRoom(model.flooding);
    model.hasRoom = true;
    model.flooding = false;
  },
);

const reload = (rules: ModelRules) =>
  step(`reload: ${JSON.stringify(rules)}`, always, (model, { supervisor }) => {
    supervisor.adopt(toRules(rules));
    model.rules = rules;
  });

const timePasses = (duration: number | undefined) =>
  step(
    duration === undefined ? "until the next timer" : `${duration} ms pass`,
    always,
    (model, { clock }) => {
      const span = duration ?? (model.due === undefined ? 0 : model.due - model.now);
      model.advance(span);
      clock.advance(span);
    },
  );

const someRules: fc.Arbitrary<ModelRules> = fc.record({
  policy: fc.constantFrom<RestartPolicy>("always", "on_failure", "never"),
  limit: fc.constantFrom(
    undefined,
    undefined,
    { restarts: 0, within: 60_000 },
    { restarts: 1, within: 5_000 },
    { restarts: 2, within: 3_600_000 },
  ),
  successExitCodes: fc.constantFrom([0], [0, 3]),
  attempts: fc.constantFrom(
    [{ signal: 2, wait: 10_000 }],
    [
      { signal: 15, wait: 5_000 },
      { signal: 2, wait: 2_000 },
    ],
  ),
});

const faults = [undefined, undefined, undefined, "ENOENT", "EACCES", "EMFILE", "EAGAIN", "ENOMEM"] as const;

const someSteps = fc.commands(
  [
    fc.constant(wish("start")),
    fc.constant(wish("start")),
    fc.constantFrom(wish("stop"), wish("kill"), wish("retry")),
    fc.constantFrom(wish("stop", "start"), wish("kill", "start"), wish("stop", "start", "stop")),
    fc.constant(readies),
    fc.constantFrom(exits(0), exits(3), exits(4)),
    fc.constant(killedFromOutside),
    fc.constant(becomesStubborn),
    fc.constantFrom(...faults).map(breaks),
    fc.constantFrom(stalls, floods),
    fc.constant(flows),
    someRules.map(reload),
    fc.constant(timePasses(undefined)),
    fc.constantFrom(0, 500, 1_000, 60_000, 3_600_000).map(timePasses),
  ],
  { maxCommands: 16 },
);

/** Lines are whole, in order, each once; only where a run was killed its last line may be cut, or the next one join it. */
function expectNoLineLost(lines: readonly string[], lives: number): void {
  let before: { life: number; line: number } | undefined;
  let cuts = 0;
  for (const text of lines) {
    if (!/^\d+ \d+ 0{4000}$/.test(text)) {
      cuts++;
      before = undefined;
      continue;
    }
    const [life = 0, line = 0] = text.split(" ").map(Number);
    if (before?.life === life) expect(line, "the line that follows").toBe((before.line + 1) % 160);
    before = { life, line };
  }
  expect(cuts, "lines that were cut").toBeLessThanOrEqual(2 * lives);
}

it("real processes do what the table says, whatever the order", async () => {
  await fc.assert(
    fc.asyncProperty(someRules, fc.boolean(), someSteps, async (rules, probed, commands) => {
      const puppet = new Puppet({ folder, rules: toRules(rules), probed });
      const setup = () => ({
        model: new ReplicaModel(rules, probed),
        real: { puppet, pid: undefined, life: 0 },
      });
      try {
        await fc.asyncModelRun(setup, commands);
        await puppet.makeRoom(false);
      } finally {
        await puppet.remove();
        expect(puppet.alive).toBe(0);
      }
      expectNoLineLost(puppet.lines, puppet.supervisor.life);
    }),
    { numRuns: scripts },
  );
}, 36_000_000);
