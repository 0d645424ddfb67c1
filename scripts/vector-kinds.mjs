// What a golden vector asks for, by the keys it has (test/golden/vectors/README.md), and whether we agree. The golden
// tests hand in the sources' functions, `npm run vectors` those of the built package.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";

const kinds = [
  { key: "template", check: checkTemplate },
  { key: "caddyfile", check: checkCaddyfile },
  { key: "formatted", check: checkFormat },
  { key: "replicas_ok", check: checkInteger },
  { key: "input", check: checkDuration },
];

/** The faults of one vector: none when we agree with the real programs. */
export function checkVector(vector, api) {
  const kind = kinds.find(({ key }) => Object.hasOwn(vector, key));
  if (kind === undefined) throw new Error(`no vector of a known kind: ${Object.keys(vector)}`);
  return kind.check(vector, api);
}

function compare(what, expected, actual) {
  return isDeepStrictEqual(expected, actual) ? [] : [{ what, expected, actual }];
}

/** What a call gives, or `{ error }` with its message. */
function outcome(call) {
  try {
    return { value: call() };
  } catch (error) {
    if (error?.code === undefined || error.name !== "SupervisorError") throw error;
    return { error: error.message };
  }
}

/** The Options that the vectors' templates see. */
export function sampleOptions(replica) {
  return {
    command: "php-fpm",
    replica,
    args: ["--nodaemonize", "-y", "/etc/php/fpm.conf"],
    dir: "/srv/app",
    env: ["APP_ENV=production", "DEBUG=false"],
    redirectStdout: { type: "file", file: "/var/log/out.log" },
    redirectStderr: { type: "stderr", file: "" },
    restartPolicy: "always",
    terminationGracePeriod: 10_000_000_000n,
    user: "www-data",
    stopSignal: 2,
  };
}

function checkTemplate({ template, replica, env = {}, output, error }, { executeOptions }) {
  const options = sampleOptions(replica);
  const actual = outcome(() => executeOptions(template, options, { env, timeZone: "UTC" }));
  return compare(template, error === undefined ? { value: output } : { error }, actual);
}

function checkDuration({ input, ns, error, string }, { parseDuration, formatDuration }) {
  const actual = outcome(() => String(parseDuration(input)));
  const faults = compare(
    `ParseDuration(${JSON.stringify(input)})`,
    error === undefined ? { value: ns } : { error },
    actual,
  );
  if (string === undefined || ns === undefined) return faults;
  return [...faults, ...compare(`Duration(${ns}).String()`, string, formatDuration(BigInt(ns)))];
}

function checkInteger({ input, value, error, replicas_ok }, { parseInteger, adapt }) {
  const actual = outcome(() => String(parseInteger(input)));
  const accepted = outcome(() =>
    adapt(`{\n\tsupervisor {\n\t\ta {\n\t\t\treplicas ${quote(input)}\n\t\t}\n\t}\n}\n`),
  );
  return [
    ...compare(`Atoi(${JSON.stringify(input)})`, error === undefined ? { value } : { error }, actual),
    ...compare(`replicas ${JSON.stringify(input)} is accepted`, replicas_ok, accepted.error === undefined),
  ];
}

function quote(word) {
  return `"${word.replaceAll('"', '\\"')}"`;
}

function checkFormat({ input, formatted, changes_tokens }, { format, tokenize }) {
  const actual = format(input);
  const words = (text) =>
    outcome(() => tokenize(text, "Caddyfile").map(({ text: word, quoted }) => [word, quoted]));
  return [
    ...(changes_tokens ? [] : compare("format(input)", formatted, actual)),
    ...compare("the tokens of format(input)", words(input), words(actual)),
    ...compare("format(format(input))", actual, format(actual)),
  ];
}

/** Errors that only Caddy's own half raises. */
const caddysOwn =
  /^(Caddyfile:\d+: )?(unrecognized (directive|global option)|subject does not qualify for certificate)/;

function checkCaddyfile(vector, api) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "vector-")));
  try {
    for (const [name, text] of Object.entries({ Caddyfile: vector.caddyfile, ...vector.files })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return checkCaddyfileIn(folder, vector, api);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkCaddyfileIn(folder, vector, { tokenize, parse, adapt, toSupervisors }) {
  const env = { HOME: "/nonexistent/home", PATH: "/usr/bin:/bin", ...vector.env };
  const place = { filename: "Caddyfile", cwd: folder, env };
  const portable = (value) => JSON.parse(JSON.stringify(value).replaceAll(folder, "$DIR"));
  const wanted = (value, error) => (error === undefined ? { value } : { error });

  const tokens = outcome(() => tokenize(vector.caddyfile, "Caddyfile"));
  const blocks = portable(outcome(() => parse(vector.caddyfile, place)));
  const faults = [
    ...compare("tokens", wanted(vector.tokens ?? [], vector.lex_error), portable(tokens)),
    ...compare("blocks", wanted(vector.blocks ?? [], vector.parse_error), blocks),
  ];
  const adapted = outcome(() => adapt(vector.caddyfile, { ...place, compat: true }).config.apps?.supervisor);
  if (vector.error !== undefined && caddysOwn.test(vector.error)) {
    return [...faults, ...compare("our half of what Caddy refuses", undefined, adapted.error)];
  }
  const expected =
    vector.error === undefined ? { value: vector.adapted?.apps?.supervisor } : { error: vector.error };
  // An absent value and one that is undefined are the same here.
  faults.push(
    ...compare(
      "apps.supervisor",
      JSON.stringify(sorted(expected)),
      JSON.stringify(sorted(portable(adapted))),
    ),
  );
  if (vector.supervisors === undefined && vector.provision_error === undefined) return faults;
  const supervisors = outcome(() =>
    (adapted.value?.supervise ?? []).flatMap((definition) =>
      toSupervisors(definition, { compat: true, env }).map(({ options }) => plainOptions(options)),
    ),
  );
  return [
    ...faults,
    ...compare("supervisors", wanted(vector.supervisors, vector.provision_error), portable(supervisors)),
  ];
}

function plainOptions(options) {
  const { command, args, dir, env, redirectStdout, redirectStderr, restartPolicy } = options;
  return {
    command,
    args,
    dir,
    env_sorted: [...env].sort(),
    redirect_stdout: redirectStdout,
    redirect_stderr: redirectStderr,
    restart_policy: restartPolicy,
    termination_grace_period_ns: String(options.terminationGracePeriod),
    stop_signal: signalTexts[options.stopSignal] ?? `signal ${options.stopSignal}`,
    stop_signal_number: options.stopSignal,
  };
}

/** Go's texts of the signals that a process may be stopped with. */
const signalTexts = {
  1: "hangup",
  2: "interrupt",
  3: "quit",
  6: "aborted",
  9: "killed",
  10: "user defined signal 1",
  12: "user defined signal 2",
  13: "broken pipe",
  14: "alarm clock",
  15: "terminated",
  18: "continued",
  28: "window changed",
};

/** The same value with the keys of every object in order. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
