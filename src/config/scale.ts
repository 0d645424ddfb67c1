import { SupervisorError } from "../errors.ts";
import { definitionsFromApp } from "./definition-json.ts";
import { processName } from "./process-name.ts";

interface WithProcesses {
  readonly apps?: Readonly<Record<string, unknown>>;
}

/**
 * The same document with another number of replicas for the definition that people call by this name.
 *
 * @throws SupervisorError `NO_PROCESS` when there is none, or more than one
 */
export function scaled<T extends WithProcesses | null>(document: T, name: string, replicas: number): T {
  const app = document?.apps?.supervisor as { supervise: readonly object[] } | undefined;
  const definitions = app === undefined ? [] : definitionsFromApp(app);
  const names = definitions.map(processName);
  const index = names.indexOf(name);
  if (app === undefined || index < 0) {
    throw new SupervisorError("NO_PROCESS", `no process is called '${name}'`, {
      hint: hintFor(name, [...new Set(names)], replicas),
    });
  }
  if (names.indexOf(name, index + 1) >= 0) {
    throw new SupervisorError("NO_PROCESS", `more than one process is called '${name}'`, {
      hint: "give each a `name` of its own",
    });
  }
  const supervise = app.supervise.map((given, at) => (at === index ? { ...given, replicas } : given));
  return { ...document, apps: { ...document?.apps, supervisor: { ...app, supervise } } };
}

function hintFor(name: string, known: readonly string[], replicas: number): string {
  if (known.length === 0) return "the configuration has no processes";
  const ofReplica = known.find((process) => name.startsWith(`${process}:`));
  return ofReplica === undefined
    ? `there are ${known.join(", ")}`
    : `all replicas of a process are counted: ${ofReplica}=${replicas}`;
}
