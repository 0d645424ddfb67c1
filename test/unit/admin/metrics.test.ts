import { expect, it } from "vitest";
import { metricsText } from "../../../src/admin/metrics.ts";

const replica = { command: ["x"], state: "ready", inState: 1, restarts: 2 } as const;

it("escapes what names may hold, leaves out what is not known, and tells twins apart", () => {
  const text = metricsText({
    version: "v1",
    pid: 1,
    state: "running",
    uptime: 1,
    config: "-",
    processes: [
      { ...replica, name: 'a"\\\n', replica: 0, uptime: 1.5 },
      { ...replica, name: "b", replica: 0 },
      { ...replica, name: "b", replica: 0, state: "waiting", nextTry: 3 },
    ],
  });
  expect(text.split("\n").filter((line) => !line.startsWith("#"))).toEqual([
    'caddy_supervisor_info{version="v1"} 1',
    'caddy_supervisor_replica_up{process="a\\"\\\\\\n",replica="0"} 1',
    'caddy_supervisor_replica_up{process="b",replica="0"} 1',
    'caddy_supervisor_replica_up{process="b",replica="0",twin="1"} 0',
    'caddy_supervisor_replica_restarts_total{process="a\\"\\\\\\n",replica="0"} 2',
    'caddy_supervisor_replica_restarts_total{process="b",replica="0"} 2',
    'caddy_supervisor_replica_restarts_total{process="b",replica="0",twin="1"} 2',
    'caddy_supervisor_replica_uptime_seconds{process="a\\"\\\\\\n",replica="0"} 1.5',
    'caddy_supervisor_replica_next_try_seconds{process="b",replica="0",twin="1"} 3',
    "",
  ]);
});
