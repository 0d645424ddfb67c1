import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { InstanceStatus } from "../app/control/control.ts";
import type { ReplicaStatus } from "../app/control/status.ts";
import type { EndpointDoors } from "../app/daemon.ts";
import { privateHost } from "../caddy/private-config.ts";
import { sendText } from "./answer.ts";
import { ApiError } from "./api-error.ts";

/** Prometheus's text format (prometheus.io/docs/instrumenting/exposition_formats), as Caddy answers it. */
const textFormat = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };

type Value = (status: ReplicaStatus) => number | undefined;

interface Metric {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
  readonly value: Value;
}

const metrics: readonly Metric[] = [
  {
    name: "up",
    type: "gauge",
    help: "Whether the replica's process runs and is ready.",
    value: ({ state }) => (state === "ready" ? 1 : 0),
  },
  {
    name: "restarts_total",
    type: "counter",
    help: "Starts after runs that ended by themselves, since somebody last asked for a start.",
    value: ({ restarts }) => restarts,
  },
  {
    name: "uptime_seconds",
    type: "gauge",
    help: "How long the replica's process has been running.",
    value: ({ uptime }) => uptime,
  },
  {
    name: "next_try_seconds",
    type: "gauge",
    help: "Until the replica is started again.",
    value: ({ nextTry }) => nextTry,
  },
  {
    name: "cpu_seconds",
    type: "gauge",
    help: "CPU time that the replica's processes have used.",
    value: ({ cpuTime }) => cpuTime,
  },
  {
    name: "memory_bytes",
    type: "gauge",
    help: "Resident memory of the replica's processes.",
    value: ({ memory }) => memory,
  },
];

const prefix = "caddy_supervisor_replica_";

/** `/metrics`: ours, then Caddy's own. */
export async function answerMetrics(
  { control, caddySocket }: Pick<EndpointDoors, "control" | "caddySocket">,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "" } = request;
  if (method !== "GET" && method !== "HEAD") throw new ApiError(405, "method not allowed");
  const socket = caddySocket();
  const caddys = socket === undefined ? "" : await metricsOf(socket);
  sendText(response, 200, metricsText(control.status(["*"])) + caddys, textFormat);
}

export function metricsText(status: InstanceStatus): string {
  const info = [
    "# HELP caddy_supervisor_info The supervisor itself.",
    "# TYPE caddy_supervisor_info gauge",
    `caddy_supervisor_info{version="${escaped(status.version)}"} 1`,
  ];
  const families = metrics.flatMap(({ name, type, help, value }) => [
    `# HELP ${prefix}${name} ${help}`,
    `# TYPE ${prefix}${name} ${type}`,
    ...samples(status.processes, `${prefix}${name}`, value),
  ]);
  return `${[...info, ...families].join("\n")}\n`;
}

/** Two definitions of the same name are told apart by their position among them. */
function samples(processes: readonly ReplicaStatus[], name: string, value: Value): string[] {
  const seen = new Map<string, number>();
  return processes.flatMap((process) => {
    const labels = `process="${escaped(process.name)}",replica="${process.replica}"`;
    const before = seen.get(labels) ?? 0;
    seen.set(labels, before + 1);
    const number = value(process);
    const twin = before === 0 ? "" : `,twin="${before}"`;
    return number === undefined ? [] : [`${name}{${labels}${twin}} ${number}`];
  });
}

function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
}

/** How long (ms) we wait for Caddy's; scrapers give up after 10 s. */
const patience = 5_000;

/** Caddy's own metrics, in the same format; none when it does not answer: ours are of use all the same. */
function metricsOf(socketPath: string): Promise<string> {
  return new Promise((resolve) => {
    const headers = { host: privateHost, accept: textFormat["content-type"] };
    const call = httpRequest({ socketPath, path: "/metrics", headers, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("error", () => resolve(""));
      answer.on("end", () => resolve(answer.statusCode === 200 ? text : ""));
    });
    call.on("error", () => resolve(""));
    call.setTimeout(patience, () => call.destroy());
    call.end();
  });
}
