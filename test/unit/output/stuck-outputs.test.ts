import { readdirSync, readlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { outputDoors } from "../../../src/app/output-doors.ts";
import { planReplicas } from "../../../src/config/options.ts";
import { ReplicaOutputs } from "../../../src/output/replica-outputs.ts";
import { until } from "../../support/gates.ts";

const pipes = () =>
  readdirSync("/proc/self/fd").filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).includes("caddy-supervisor-pipe-");
    } catch {
      return false;
    }
  }).length;

it("a replica that goes while nobody takes its lines leaves no pipe behind", async () => {
  const [plan] = planReplicas({
    command: ["a"],
    redirectStdout: { type: "log" },
    redirectStderr: { type: "null" },
  });
  const doors = outputDoors(undefined);
  const records = { ...doors.records, hasRoom: () => false, whenRoom() {} };
  const outputs = new ReplicaOutputs(plan!, tmpdir(), { ...doors, records });
  for (let run = 0; run < 3; run++) {
    const opened = outputs.open();
    writeSync(opened.stdout as number, "waits for room\n");
    opened.close();
    opened.ended?.();
  }
  expect(pipes()).toBe(3);
  await outputs.close();
  await until("the pipes to be closed", () => pipes() === 0);
});
