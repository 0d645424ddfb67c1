// A day in a minute and a half: Debian's libfaketime lets the program's clocks run faster, the monotonic one and the time-outs of
// epoll_pwait(2) included, so that all its timers fire as often as they would. The processes keep the real time.
//
// A hundred replicas and both endpoints are at rest; a few are not, as in life: what fails is tried again every five minutes, a
// worker ends on purpose as often, a line a minute goes into a file that is rolled every hour, another one into our log.
import { setTimeout as after } from "node:timers/promises";
import { fakeClock } from "./fake-clock.mjs";
import { atRest } from "./rest.mjs";
import { Subject } from "./subject.mjs";

const hours = Number(process.env.GROWTH_HOURS ?? 24);
/** So many seconds of the program's are one of ours. */
const rate = Number(process.env.GROWTH_RATE ?? 1_000);
const warmUpHours = Math.max(0.5, hours / 10);
/** How often something ends and is started again in an hour, at least: less says that the clock did not run. */
const startsPerHour = 30;
const hour = 3_600;

export const idle = {
  name: "idle",
  title: `${hours} h of nearly nothing, simulated: 110 replicas`,
  async run(folder) {
    const subject = new Subject({ folder, supervised, env: fakeClock(rate) });
    try {
      await subject.start();
      await pass(subject, warmUpHours);
      const before = await atRest(subject);
      const { starts } = subject;
      await pass(subject, hours);
      const after = await atRest(subject);
      if (subject.starts - starts < hours * startsPerHour)
        subject.complaints.push(`only ${subject.starts - starts} starts in ${hours} h: did its clock run?`);
      await subject.stop();
      return { before, after, complaints: subject.complaints };
    } finally {
      await subject.dispose();
    }
  },
};

const sleep = (seconds) => `sleep ${seconds / rate}`;
const supervised = `sleep 86400 {
  name quiet
  replicas 98
  redirect_stdout null
  redirect_stderr null
  stop_signal SIGTERM
}
sh -c "exit 1" {
  name failing
  replicas 5
  backoff {
    initial 5m
    max 5m
  }
}
${sleep(300)} {
  name worker
  replicas 5
  stop_signal SIGTERM
}
sh -c "while echo alive; do ${sleep(60)}; done" {
  name filing
  redirect_stdout file filed.log {
    roll_interval 1h
    roll_keep 3
  }
  stop_signal SIGTERM
}
sh -c "while echo alive; do ${sleep(60)}; done" {
  name speaking
  redirect_stdout log
  stop_signal SIGTERM
}`;

/** Resolves when so many hours have passed for the program. (Its API would take us for a caller that is far too slow.) */
async function pass(subject, wanted) {
  const end = (await subject.ask("uptime")) + wanted * hour;
  for (let left = wanted * hour; left > 0; left = end - (await subject.ask("uptime")))
    await after((left / rate) * 1_000);
}
