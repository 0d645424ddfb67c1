import { describe, expect, it } from "vitest";
import type { Definition } from "../../../src/config/definition.ts";
import { planReplicas } from "../../../src/config/options.ts";

const plans = (definition: Partial<Definition>, compat = false) =>
  planReplicas({ command: ["app"], ...definition }, { env: {}, compat });
const options = (definition: Partial<Definition>) => plans(definition).map((plan) => plan.options);

describe("planReplicas", () => {
  it("fills in the defaults", () => {
    expect(options({})).toEqual([
      {
        command: "app",
        replica: 0,
        args: [],
        dir: "",
        env: [],
        redirectStdout: { type: "stdout" },
        redirectStderr: { type: "stderr" },
        restartPolicy: "always",
        terminationGracePeriod: 10_000_000_000n,
        user: "",
        stopSignal: 2,
      },
    ]);
  });

  it("runs nothing with 0 replicas", () => {
    expect(plans({ replicas: 0 })).toEqual([]);
  });

  it("applies templates to command, arguments, dir, env and file paths, for each replica", () => {
    const definition = {
      command: ["app-{{.Replica}}", "{{add 8000 .Replica}}"],
      replicas: 2,
      dir: "/srv/{{.Replica}}",
      env: { "K{{.Replica}}": "{{.Command}}" },
      redirectStdout: { type: "file", file: "/log/{{.Replica}}" },
    } as const;
    expect(options(definition)[1]).toMatchObject({
      command: "app-1",
      args: ["8001"],
      dir: "/srv/1",
      // Template data is the definition before templates, as in the module.
      env: ["K1=app-{{.Replica}}"],
    });
    expect(plans(definition).map(({ stdout, stderr }) => [stdout, stderr])).toEqual([
      [{ type: "file", path: "/log/0" }, { type: "stderr" }],
      [{ type: "file", path: "/log/1" }, { type: "stderr" }],
    ]);
    expect(plans(definition, true)[1]?.stdout).toEqual({ type: "file", path: "/log/{{.Replica}}" });
  });

  it("gathers every error of the first replica that fails", () => {
    expect(() => plans({ command: ["a", "{{.Nope}}"], dir: "{{", env: { A: "{{.No}}" } })).toThrow(
      `failed to process templates: 
args[0]: template: supervisor:1:2: executing "supervisor" at <.Nope>: can't evaluate field Nope in type supervisor.Options
dir: template: supervisor:1: unclosed action
env[0]: template: supervisor:1:4: executing "supervisor" at <.No>: can't evaluate field No in type supervisor.Options`,
    );
  });

  it.each([
    ["SIGTERM", 15],
    ["TERM", 15],
    ["term", 15],
    ["15", 15],
    ["SIGIOT", 6],
    ["", 2],
  ])("reads stop_signal %j as %i", (stopSignal, number) => {
    expect(options({ stopSignal })[0]?.stopSignal).toBe(number);
  });

  it.each(["SIGBOGUS", "0", "32", "99", "-1", "SIG", "1.5"])(
    "refuses stop_signal %j; to the module it is SIGINT",
    (stopSignal) => {
      expect(() => options({ stopSignal })).toThrow(
        `'stop_signal' should be a signal, '${stopSignal}' given`,
      );
      expect(plans({ stopSignal }, true)[0]?.options.stopSignal).toBe(2);
    },
  );

  it.each([
    [{ replicas: -1 }, "'replicas' should be a positive integer, '-1' given"],
    [{ replicas: 1e9 }, "'replicas' should be at most 100000, '1000000000' given"],
    [{ command: [] }, "command should be defined"],
    [
      { restartPolicy: "sometimes" },
      "'restart_policy' should be either 'always', 'never', or 'on_failure': 'sometimes' given",
    ],
    [
      { redirectStdout: { type: "bogus" } },
      "unsupported output target type 'bogus', allowed: null, stderr, stdout, file",
    ],
    [{ redirectStderr: { type: "file" } }, "invalid output target, file should be defined"],
    [{ terminationGracePeriod: "abc" }, "cannot parse termination grace period of supervisor 'app'"],
  ])("refuses %j", (definition, message) => {
    expect(() => plans(definition as Partial<Definition>)).toThrow(message);
  });
});
