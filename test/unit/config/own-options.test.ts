import { describe, expect, it } from "vitest";
import { adapt } from "../../../src/config/adapt.ts";
import { definitionFromJson } from "../../../src/config/definition-json.ts";
import { planReplicas } from "../../../src/config/options.ts";
import type { SupervisorError } from "../../../src/errors.ts";

const read = (options: string, compat = false) =>
  adapt(`a {\n${options}\n}`, { filename: "Supervisorfile", compat });
const definition = (options: string) => read(options).config.apps?.supervisor?.supervise?.[0];

describe("options of our own", () => {
  it.each([
    ["name web", { name: "web" }],
    ["env_file a b\nenv_file c", { env_file: ["a", "b", "c"] }],
    ["clear_env", { clear_env: [] }],
    ["clear_env PATH LC_*", { clear_env: ["PATH", "LC_*"] }],
    ["limits {\nnofile 10:20\nas 1GiB\n}", { limits: { nofile: "10:20", as: "1GiB" } }],
    ["backoff {\ninitial 2s\njitter .5\n}", { backoff: { initial: "2s", jitter: 0.5 } }],
    ["restart_limit 3 within 1m", { restart_limit: { restarts: 3, within: "1m" } }],
    ["success_exit_codes 3 143", { success_exit_codes: [3, 143] }],
    ["essential\nno_new_privileges", { essential: true, no_new_privileges: true }],
    ["stop_signals QUIT 20s TERM", { stop_signals: [{ signal: "QUIT", wait: "20s" }, { signal: "TERM" }] }],
    ["redirect_stdout log", { redirect_stdout: { type: "log" } }],
    ["redirect_stdout log {\nlevel warn\n}", { redirect_stdout: { type: "log", level: "warn" } }],
    ["redirect_stdout file x", { redirect_stdout: { type: "file", file: "x" } }],
    ["redirect_stdout file x {\n}", { redirect_stdout: { type: "file", file: "x", roll: true } }],
    [
      "redirect_stderr file x {\nroll_disabled\nmode 0640\n}",
      { redirect_stderr: { type: "file", file: "x", roll: false, mode: "0640" } },
    ],
  ])("%j", (options, json) => {
    expect(definition(options)).toEqual({ command: ["a"], ...json });
    expect(() => planReplicas(definitionFromJson(definition(options)))).not.toThrow();
  });

  it("goes on behind a block", () => {
    expect(definition("limits {\nnofile 10\n}\nreplicas 2")).toMatchObject({ replicas: 2 });
  });

  it.each([
    ["limits {\nnofil 1\n}", "unrecognized option 'nofil' in the block of 'limits', at Supervisorfile:3"],
    ["limits {\nnofile x\n}", "'nofile' should be a number or 'unlimited'"],
    ["limits {\nnofile 20:10\n}", "'nofile': the soft limit is above the hard one"],
    ["limits {\nnofile 1 2\n}", "unexpected '2' after the arguments of 'nofile', at Supervisorfile:3"],
    ["backoff {\ninitial 2m\nmax 1m\n}", "'initial' should not be longer than 'max'"],
    ["backoff {\njitter 2\n}", "'jitter' should be from 0 to 1"],
    ["restart_limit 3", "wrong argument count"],
    ["restart_limit 3 in 1m", "'restart_limit' should be N within DURATION"],
    ["nice 20", "'nice' should be from -20 to 19"],
    ["umask 99", "'umask' should be octal"],
    ['name "*"', "'name' should not be '*', which stands for all processes"],
    ['name "a\nb"', "'name' should have no control characters"],
    ['name "\x1b[2Ja"', "'name' should have no control characters"],
    ['name "a\u009b2J"', "'name' should have no control characters"],
    ["success_exit_codes 256", "'success_exit_codes' should be from 0 to 255"],
    ["stop_signals 10s TERM", "'stop_signals' should be signals and durations"],
    ["stop_signal TERM\nstop_signals QUIT", "exclude each other"],
    ["redirect_stdout log {\nformat yaml\n}", "'format' should be one of auto, raw, json"],
    ["redirect_stdout file x {\nroll_size 1\n}", "'roll_size' should be at least 1024 bytes"],
    ["redirect_stdout file x {\nmode 0755\n}", "'mode' should be octal read and write rights"],
  ])("refuses %j", (options, message) => {
    expect(() => read(options)).toThrow(message);
  });

  it("tells all faults at once, each on its own", () => {
    try {
      read("nice 30\nlimits {\nnofil 1\n}\numask 99");
      expect.unreachable();
    } catch (error) {
      const { message, others } = error as SupervisorError;
      expect([message, ...others.map((other) => other.message)].map((text) => text.split(",")[0])).toEqual([
        "'nice' should be from -20 to 19",
        "unrecognized option 'nofil' in the block of 'limits'",
        "'umask' should be octal",
      ]);
    }
  });

  it("are unknown with compat: the module passes over them", () => {
    const { config, problems } = read("nice 5\nredirect_stdout file x", true);
    expect(config.apps?.supervisor?.supervise).toEqual([
      { command: ["a"], redirect_stdout: { type: "file", file: "x" } },
    ]);
    expect(problems).toMatchObject([{ code: "UNKNOWN_OPTION" }]);
  });
});
