// Who asks, follows and goes away; what people do by hand: restarts, stops and starts, log files opened anew.
import { atRest } from "./rest.mjs";
import { Subject } from "./subject.mjs";

const rounds = Number(process.env.GROWTH_CALLS ?? 100);
const supervised = `sh -c "echo alive; exec sleep 86400" {
  name speaking
  replicas 2
  redirect_stdout log
  stop_signal SIGTERM
}
sh -c "echo alive; exec sleep 86400" {
  name filing
  redirect_stdout file filed.log {
  }
  stop_signal SIGTERM
}`;

export const calls = {
  name: "calls",
  title: `${rounds.toLocaleString("en")} times each of what can be asked`,
  async run(folder) {
    const subject = new Subject({ folder, supervised });
    try {
      await subject.start();
      await ask(subject, Math.max(25, rounds / 10));
      const before = await atRest(subject);
      await ask(subject, rounds);
      const after = await atRest(subject);
      await subject.stop();
      return { before, after, complaints: subject.complaints };
    } finally {
      await subject.dispose();
    }
  },
};

async function ask(subject, times) {
  for (let each = 0; each < times; each++) {
    await subject.call("GET", "/supervisor/status");
    await subject.call("GET", "/supervisor/why");
    await subject.call("GET", "/config/apps/supervisor");
    await subject.visit("/metrics");
    await subject.visit("/nothing/there");
    await subject.visit("/supervisor/events?follow=true");
    await subject.visit("/supervisor/logs?follow=true");
    await subject.call("POST", "/supervisor/restart", { targets: ["filing"] });
    await subject.call("POST", "/supervisor/down", { targets: ["speaking:1"] });
    await subject.call("POST", "/supervisor/up", { targets: ["speaking:1"] });
    subject.process.kill("SIGUSR2");
  }
}
