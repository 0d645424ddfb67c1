import { readFileSync } from "node:fs";
import { openFailure } from "../../caddyfile/file-reader.ts";
import { placeOf, plainSource } from "../../caddyfile/source.ts";
import { signalNumber } from "../../config/stop-signal.ts";
import { SupervisorError } from "../../errors.ts";
import { parseDuration } from "../../go/duration.ts";
import { execute, executeOptions, type TemplateData } from "../../go/template/index.ts";
import type { TemplateFlags } from "../flags.ts";
import { printOut } from "../print.ts";

/** What a template sees of a process of which nothing is configured. */
const defaults: TemplateData = {
  command: "",
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
};

/** `template`: prints what a template gives, as it is; a text of `-` is read from stdin. */
export async function templateCommand(argument: string, flags: TemplateFlags): Promise<number> {
  const replica = flags.replica === undefined ? undefined : replicaNumber(flags.replica);
  const data = flags.data === undefined ? {} : readData(flags.data);
  const text = argument === "-" ? await readStdin() : argument;
  printOut(placing(text, () => run(text, data, replica)));
  return 0;
}

function unfit(message: string): SupervisorError {
  return new SupervisorError("DEFINITION", message);
}

function replicaNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw unfit(`--replica takes a whole number from 0 on, '${text}' given`);
  return Number(text);
}

function run(text: string, data: unknown, replica: number | undefined): string {
  if (isOptions(data)) return executeOptions(text, optionsOf(data, replica));
  if (replica !== undefined) throw unfit("--replica goes with options; the data has other names");
  return execute(text, data);
}

/** Data of which all names are those of options is a process's options; any other is what it is. */
function isOptions(data: unknown): data is Readonly<Record<string, unknown>> {
  return (
    typeof data === "object" &&
    data !== null &&
    !Array.isArray(data) &&
    Object.keys(data).every((name) => Object.hasOwn(defaults, name))
  );
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === "string";
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isTarget: Check = (value) => {
  const { type, file = "" } = (value ?? {}) as { type?: unknown; file?: unknown };
  return isText(type) && isText(file);
};

/** What an option must look like in JSON; texts where nothing else is said. */
const shapes: Readonly<Partial<Record<keyof TemplateData, readonly [Check, string]>>> = {
  replica: [(value) => Number.isSafeInteger(value), "a whole number"],
  args: [isTexts, "a list of texts"],
  env: [isTexts, "a list of KEY=VALUE texts"],
  redirectStdout: [isTarget, 'an object such as {"type": "file", "file": "/var/log/a.log"}'],
  redirectStderr: [isTarget, 'an object such as {"type": "stderr"}'],
};

function optionsOf(data: Readonly<Record<string, unknown>>, replica: number | undefined): TemplateData {
  for (const [name, value] of Object.entries(data)) {
    const [check, wanted] = shapes[name as keyof TemplateData] ?? [isText, "a text"];
    if (!check(value)) throw unfit(`--data: '${name}' should be ${wanted}`);
  }
  const { terminationGracePeriod, stopSignal, ...others } = data as Record<string, string>;
  const signal = stopSignal === undefined ? defaults.stopSignal : signalNumber(stopSignal);
  if (signal === undefined) throw unfit(`--data: 'stopSignal' should be a signal, '${stopSignal}' given`);
  return {
    ...defaults,
    ...others,
    ...(replica === undefined ? {} : { replica }),
    stopSignal: signal,
    terminationGracePeriod:
      terminationGracePeriod === undefined
        ? defaults.terminationGracePeriod
        : parseDuration(terminationGracePeriod),
  };
}

function readData(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new SupervisorError("CONFIG_FILE", `reading template data: ${openFailure(path, cause)}`, {
      cause,
      hint: "name a file of JSON with --data",
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SupervisorError("JSON_CONFIG", `template data of ${path}: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** An error's place in the text becomes one that can be shown, though the text is no file. */
function placing<Result>(text: string, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof SupervisorError && error.place?.column !== undefined)) throw error;
    const { line, column, file } = error.place;
    const before = text.split("\n", line - 1).reduce((sum, earlier) => sum + earlier.length + 1, 0);
    const place = placeOf(plainSource(text, file), before + column - 1);
    throw new SupervisorError(error.code, error.message, { cause: error, place });
  }
}
