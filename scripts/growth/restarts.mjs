// Many replicas that crash as fast as they are started. A file decides: while it is there they live.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { atRest } from "./rest.mjs";
import { Subject } from "./subject.mjs";

const wanted = Number(process.env.GROWTH_RESTARTS ?? 10_000);
const replicas = Number(process.env.GROWTH_REPLICAS ?? 1_000);
/** Before the first look everything has happened some times: compiled, pooled, grown to its size. */
const warmUp = Math.max(replicas, wanted / 10);
const longestMs = 3_600_000;

export const restarts = {
  name: "restarts",
  title: `${wanted.toLocaleString("en")} restarts of ${replicas.toLocaleString("en")} replicas`,
  async run(folder) {
    const calm = join(folder, "calm");
    writeFileSync(calm, "");
    const subject = new Subject({ folder, supervised: definitions(folder, calm) });
    try {
      await subject.start();
      await subject.startsUpTo(replicas, longestMs);
      await crash(subject, calm, warmUp);
      const before = await atRest(subject);
      await crash(subject, calm, wanted);
      const after = await atRest(subject);
      await subject.stop();
      return { before, after, complaints: subject.complaints };
    } finally {
      await subject.dispose();
    }
  },
};

/** Nearly all are silent; a few write, by every way that leads through us. */
function definitions(folder, calm) {
  const writers = Math.ceil(replicas / 20);
  const one = (name, count, stdout) => `sh -c "echo alive; test -e ${calm} || exit 1; exec sleep 86400" {
    name ${name}
    replicas ${count}
    redirect_stdout ${stdout}
    redirect_stderr null
    stop_signal SIGTERM
    backoff {
      initial 1ms
      max 1ms
    }
  }`;
  return [
    one("silent", replicas - 2 * writers, "null"),
    one("speaking", writers, "log"),
    one("filing", writers, `file ${join(folder, "filed.log")} {\n roll_size 1MiB\n roll_keep 2\n }`),
  ].join("\n");
}

/** All end, and go on crashing until so many more were started. */
async function crash(subject, calm, count) {
  rmSync(calm);
  const { starts } = subject;
  await subject.call("POST", "/supervisor/signal", { targets: ["*"], signal: "KILL" });
  await subject.startsUpTo(starts + count, longestMs);
  writeFileSync(calm, "");
}
