import fc from "fast-check";
import { expect, it } from "vitest";
import type { RestartPolicy } from "../../src/config/definition.ts";
import { decideByPolicy } from "../../src/supervise/restart.ts";
import { aliveStates, type MachineEvent, type State, transitions } from "../../src/supervise/transitions.ts";
import { until } from "../support/gates.ts";
import { grace, Puppet } from "../support/puppet.ts";

/** The nightly run asks for more. */
const scripts = Number(process.env.SCRIPTS ?? 60);

/** What the table says must be the case. */
interface Model {
  state: State;
  readonly policy: RestartPolicy;
  broken: boolean;
  stubborn: boolean;
  /** Failures in a row, as far as the delay is concerned. */
  delay: number;
  remaining: number;
}

async function agree(reality: Puppet, { state }: Model): Promise<void> {
  const { supervisor } = reality;
  await until(`state ${state}, it is ${supervisor.state}`, () => supervisor.state === state);
  expect(reality.alive).toBe(aliveStates.includes(state) ? 1 : 0);
}

/** Takes an event of the script through the table, and then every event that follows by itself. */
function take(model: Model, event: MachineEvent): void {
  const { next, effects } = transitions[model.state][event];
  model.state = next;
  for (const effect of effects) followUps[effect]?.(model);
}

const ends: Readonly<Record<string, MachineEvent>> = {
  again: "endedAgain",
  done: "endedDone",
  failed: "endedFailed",
};

function end(model: Model, clean: boolean, started: boolean): void {
  const verdict = decideByPolicy[model.policy]({
    clean,
    uptime: 0,
    status: started ? { code: clean ? 0 : 1 } : undefined,
    error: clean ? undefined : "exit status 1",
    life: 1,
    wasReady: false,
  });
  model.remaining = clean ? 1_000 : model.delay;
  if (!clean) model.delay = Math.min(model.delay === 0 ? 1_000 : model.delay * 2, 300_000);
  model.stubborn = false;
  take(model, ends[verdict] ?? "endedFailed");
}

const followUps: Partial<Record<string, (model: Model) => void>> = {
  spawn: (model) => (model.broken ? end(model, false, false) : take(model, "spawned")),
  welcome: (model) => take(model, "readied"),
  signal: (model) => {
    if (!model.stubborn) end(model, false, true);
  },
  kill: (model) => {
    if (model.state === "killing") end(model, false, true);
  },
  watchGroup: (model) => take(model, "groupGone"),
  sweep: (model) => take(model, "swept"),
};

type Step = fc.AsyncCommand<Model, Puppet>;

const step = (
  name: string,
  check: (model: Model) => boolean,
  run: (model: Model, reality: Puppet) => void | Promise<void>,
): Step => ({
  check,
  async run(model, reality) {
    await run(model, reality);
    await agree(reality, model);
  },
  toString: () => name,
});

const running = ({ state }: Model) => state === "ready";
const settled = ({ state }: Model) => state !== "stopping";

const start = step("start", settled, (model, { supervisor }) => {
  void supervisor.run();
  take(model, "start");
});
const exits = (code: number) =>
  step(`exit ${code}`, running, (model, reality) => {
    reality.tell(`exit ${code}`);
    end(model, code === 0, true);
  });
const killedFromOutside = step("killed from outside", running, (model, { supervisor }) => {
  process.kill(supervisor.pid ?? 0, "SIGKILL");
  end(model, false, true);
});
const stubborn = step(
  "stubborn",
  (model) => running(model) && !model.stubborn,
  async (model, reality) => {
    await reality.makeStubborn();
    model.stubborn = true;
  },
);
const breakOrMend = (broken: boolean) =>
  step(
    broken ? "break" : "mend",
    () => true,
    (model, reality) => {
      reality.setBroken(broken);
      model.broken = broken;
    },
  );
const ask = (event: "stop" | "kill" | "retry") =>
  step(
    event,
    () => true,
    (model, { supervisor }) => {
      void supervisor[event]();
      take(model, event);
    },
  );
const timePasses = step(
  "time passes",
  () => true,
  (model, { clock }) => {
    const waited = model.state === "waiting";
    const step = waited ? model.remaining : grace;
    clock.advance(step);
    if (waited) take(model, "due");
    else if (model.state === "stopping") take(model, "graceOver");
  },
);

it(
  "real processes do what the table says, whatever the order",
  async () => {
    const steps = fc.commands(
      [
        fc.constant(start),
        fc.constant(start),
        fc.constantFrom(exits(0), exits(3)),
        fc.constant(killedFromOutside),
        fc.constant(stubborn),
        fc.constantFrom(breakOrMend(true), breakOrMend(false)),
        fc.constantFrom(ask("stop"), ask("kill"), ask("retry")),
        fc.constant(timePasses),
      ],
      { maxCommands: 15 },
    );
    const policies = fc.constantFrom<RestartPolicy>("always", "on_failure", "never");
    await fc.assert(
      fc.asyncProperty(policies, steps, async (policy, commands) => {
        const reality = new Puppet(policy);
        const model: Model = {
          state: "idle",
          policy,
          broken: false,
          stubborn: false,
          delay: 0,
          remaining: 0,
        };
        try {
          await fc.asyncModelRun(() => ({ model, real: reality }), commands);
        } finally {
          reality.setBroken(false);
          await reality.remove();
          expect(reality.alive).toBe(0);
        }
      }),
      { numRuns: scripts },
    );
  },
  Math.max(600_000, scripts * 1_000),
);
