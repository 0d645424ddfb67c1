import { describe, expect, it } from "vitest";
import { adapt, adaptText } from "../../../src/config/adapt.ts";
import { refuseProblems } from "../../../src/config/problems.ts";

const inBlock = (body: string): string => `{\n\tsupervisor {\n\t\tapp {\n${body}\n\t\t}\n\t}\n}\n`;
const problems = (text: string, compat = false) =>
  adapt(text, { env: {}, compat }).problems.map(({ code, message }) => `${code} ${message}`);

describe("problems", () => {
  it.each([
    ["dri /x", "UNKNOWN_OPTION unrecognized option 'dri', did you mean 'dir'?, at Caddyfile:4"],
    [
      "restart-policy never",
      "UNKNOWN_OPTION unrecognized option 'restart-policy', did you mean 'restart_policy'?, at Caddyfile:4",
    ],
    ["numprocs 2", "UNKNOWN_OPTION unrecognized option 'numprocs', did you mean 'replicas'?, at Caddyfile:4"],
    ["bogus replicas 2 user root", "UNKNOWN_OPTION unrecognized option 'bogus', at Caddyfile:4"],
    ["dir /x user bob", "EXTRA_ARGUMENT unexpected 'user' after the arguments of 'dir', at Caddyfile:4"],
    [
      "dir /x {\nuser eve\n}",
      "UNKNOWN_BLOCK 'dir' takes no block; options in it apply to the command itself, at Caddyfile:4",
    ],
    [
      "stop_signal BOGUS",
      "STOP_SIGNAL 'stop_signal' should be a signal, 'BOGUS' given; the Go module reads it as SIGINT, at Caddyfile:4",
    ],
  ])("%s", (body, expected) => {
    expect(problems(inBlock(body))).toEqual([expected]);
  });

  it("does not mind what the module reads rightly", () => {
    const body = "dir /x\nenv A b c\nredirect_stdout file /x\nreplicas 0\nstop_signal SIGQUIT\n# dri";
    expect(problems(inBlock(body), true)).toEqual([]);
  });

  it("names words after the option, and the option given twice", () => {
    expect(problems("{\n\tsupervisor x {\n\t\ta\n\t}\n\tsupervisor {\n\t\tb\n\t}\n}\n")).toEqual([
      "SUPERVISOR_ARGUMENTS 'supervisor' takes no arguments: with them, its whole block is ignored, at Caddyfile:2",
      "SUPERVISOR_REPEATED 'supervisor' is given twice: only the last one counts, at Caddyfile:5",
    ]);
  });

  it.each(["TERM", "15", "sigterm"])(
    "takes stop_signal %s, and tells with compat that the module does not",
    (signal) => {
      const text = inBlock(`stop_signal ${signal}`);
      expect(problems(text)).toEqual([]);
      expect(problems(text, true)).toHaveLength(1);
    },
  );

  it("are warnings with compat, and refused without", () => {
    const compat = adapt(inBlock("dri /x"), { env: {}, compat: true });
    expect(compat.warnings).toEqual(compat.problems.map(({ message }) => message));
    const strict = adapt(inBlock("dri /x"), { env: {} });
    expect(strict.warnings).toEqual([]);
    expect(() => refuseProblems(strict.problems)).toThrow("did you mean 'dir'?, at Caddyfile:4");
  });

  it("have a physical place, also behind a continued line", () => {
    const text = "{\n\tsupervisor {\n\t\tapp a \\\n\t\t\tb {\n\t\t\tdri /x\n\t\t}\n\t}\n}\n";
    expect(adapt(text, { env: {} }).problems[0]?.place).toEqual({
      file: "Caddyfile",
      line: 5,
      column: 4,
      end: { line: 5, column: 7 },
    });
  });
});

it("reads a {block} that was given none as nothing, save with compat", () => {
  const text =
    "(app) {\n\tapp {\n\t\tdir /x\n\t\t{block}\n\t}\n\t{blocks.more}\n}\n{\n\tsupervisor {\n\t\timport app\n\t}\n}\n";
  const read = (compat: boolean) => adapt(text, { env: {}, compat });
  expect(read(false)).toMatchObject({
    problems: [],
    config: { apps: { supervisor: { supervise: [{ command: ["app"], dir: "/x" }] } } },
  });
  expect(read(true).config.apps?.supervisor?.supervise).toHaveLength(2);
});

it("warns of a template outside quotes", () => {
  const { warnings } = adapt('{\n\tsupervisor {\n\t\tapp {{.Replica}} "{{.Replica}}"\n\t}\n}\n', { env: {} });
  expect(warnings).toEqual([
    "quote the template '{{.Replica}}': `caddy fmt` would damage it, at Caddyfile:3",
  ]);
});

describe("a Supervisorfile", () => {
  const read = (text: string, env = {}) => adapt(text, { filename: "/etc/Supervisorfile", env }).config;
  it("holds what stands inside the block", () => {
    expect(read("php-fpm {\n\treplicas {$N}\n}\nnode a\n", { N: "2" })).toEqual({
      apps: {
        supervisor: { supervise: [{ command: ["php-fpm"], replicas: 2 }, { command: ["node", "a"] }] },
      },
    });
  });
  it("may be empty", () => {
    expect(read("")).toEqual({ apps: { supervisor: {} } });
    expect(read("# later\n")).toEqual({ apps: { supervisor: {} } });
  });
  it.each([
    [
      "a {\n\tdir\n}\n",
      "wrong argument count or unexpected line ending after 'dir', at /etc/Supervisorfile:2",
    ],
    ["a\n}\n", "Unexpected '}' because no matching opening brace, at /etc/Supervisorfile:2"],
    ["a {\n", "unexpected EOF, at /etc/Supervisorfile:1"],
  ])("%j is refused", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});

describe("the other global options", () => {
  const read = (options: string) => adaptText(`{\n${options}\n}\n`, { env: {} });
  it("are read without Caddy when they are simple", () => {
    const { config, needsCaddy } = read(
      "debug\nadmin localhost:3000 {\n\torigins a b\n\tenforce_origin\n}\nlog x {\n\tlevel WARN\n\toutput file /l\n\tformat json\n}",
    );
    expect(needsCaddy).toBe(false);
    expect(config).toEqual({
      admin: { listen: "localhost:3000", origins: ["a", "b"], enforce_origin: true },
      logging: {
        logs: {
          x: { level: "WARN", writer: { output: "file", filename: "/l" }, encoder: { format: "json" } },
          default: { level: "DEBUG" },
        },
      },
    });
  });
  it("have persist_config among them, which can only be turned off", () => {
    const config = { persist: false };
    expect(read("persist_config off").config).toEqual({ admin: { config } });
    expect(read("admin off\npersist_config off").config).toEqual({ admin: { disabled: true, config } });
    expect(() => read("persist_config on")).toThrow("persist_config must be 'off'");
    expect(() => read("persist_config")).toThrow("wrong argument count");
  });
  it.each(["grace_period 5s", "log {\n\toutput net a:1\n}", "log {\n\tformat filter {\n\t}\n}", "import_ x"])(
    "%j takes Caddy",
    (options) => {
      expect(read(options).needsCaddy).toBe(true);
    },
  );
  it("takes Caddy for a site", () => {
    expect(adaptText(":80\n", { env: {} }).needsCaddy).toBe(true);
  });
  it.each([
    [
      "admin off {\n}",
      "parsing caddyfile tokens for 'admin': No more option is allowed after turning off admin config, at Caddyfile:2",
    ],
    [
      "debug on",
      "parsing caddyfile tokens for 'debug': wrong argument count or unexpected line ending after 'on', at Caddyfile:2",
    ],
  ])("%j is refused in Caddy's words", (options, message) => {
    expect(() => read(options)).toThrow(message);
  });
});

it("tells whoever writes `env NAME=value` how it is written, without the value", () => {
  const read = () => adapt(inBlock("env TOKEN=secret"), { env: {} });
  expect(read).toThrow(expect.objectContaining({ hint: "name and value are two words: env TOKEN …" }));
  const bare = () => adapt(inBlock("env TOKEN"), { env: {} });
  expect(bare).toThrow(expect.objectContaining({ hint: undefined }));
});
