// Reload after reload: something is changed, added, scaled, taken away, nothing at all, or cannot be loaded; sent, or read from
// the file. Whoever is in none of that keeps its pid.
import { join } from "node:path";
import { atRest } from "./rest.mjs";
import { Subject } from "./subject.mjs";

const inFile = `sleep 86400 {
  name steady
  replicas 10
  redirect_stdout null
  stop_signal SIGTERM
}
sh -c "echo alive; exec sleep 86400" {
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
/** Neither of them is ever changed. */
const untouched = ["steady", "speaking", "filing"].map((name) => `target=${name}:0`);

const speaker = {
  command: ["sh", "-c", "echo alive; exec sleep 86400"],
  stop_signal: "SIGTERM",
  redirect_stdout: { type: "log" },
};
const changing = { ...speaker, name: "changing", env: { VALUE: "one" } };

/** One round: after its last step all is as in the file again. */
const steps = [
  ({ send }) => send(changing),
  ({ send }) => send(changing),
  ({ send }) => send({ ...changing, env: { VALUE: "other" } }),
  ({ send }) => send({ ...changing, env: { VALUE: "other" }, backoff: { initial: "5s" } }),
  ({ send, folder }) =>
    send(
      { ...changing, redirect_stdout: { type: "file", file: join(folder, "added.log"), roll_size: "1MiB" } },
      { ...speaker, name: "added", replicas: 3 },
    ),
  ({ subject }) => subject.call("POST", "/supervisor/scale", { name: "steady", replicas: 12 }),
  ({ subject }) => subject.call("POST", "/supervisor/scale", { name: "steady", replicas: 11 }),
  ({ send, folder }) =>
    refused(send({ ...speaker, redirect_stdout: { type: "file", file: join(folder, "missing", "log") } })),
  ({ send }) => refused(send({ ...speaker, dir: "{{ .Nothing }}" })),
  ({ subject }) => subject.call("POST", "/supervisor/reload"),
];

async function refused(answer) {
  const isLoaded = await answer.then(
    () => true,
    () => false,
  );
  if (isLoaded) throw new Error("what cannot be loaded was loaded");
}

function reloadsOf({ name, what, count, sites }) {
  const rounds = Math.ceil(count / steps.length);
  return {
    name,
    title: `${(rounds * steps.length).toLocaleString("en")} reloads ${what}`,
    async run(folder) {
      const subject = new Subject({ folder, supervised: inFile, sites });
      try {
        await subject.start();
        const document = await subject.call("GET", "/config/");
        await reload(subject, document, Math.max(5, Math.ceil(rounds / 10)));
        const before = await atRest(subject);
        const pids = await pidsOfUntouched(subject);
        await reload(subject, document, rounds);
        const after = await atRest(subject);
        if ((await pidsOfUntouched(subject)) !== pids)
          subject.complaints.push("what no reload had changed has another pid");
        await subject.stop();
        return { before, after, complaints: subject.complaints };
      } finally {
        await subject.dispose();
      }
    },
  };
}

async function reload(subject, document, rounds) {
  const { supervisor } = document.apps;
  const send = (...more) =>
    subject.call("POST", "/supervisor/reload", {
      ...document,
      apps: {
        ...document.apps,
        supervisor: { ...supervisor, supervise: [...supervisor.supervise, ...more] },
      },
    });
  for (let round = 0; round < rounds; round++) {
    for (const step of steps) await step({ subject, send, folder: subject.folder });
  }
}

async function pidsOfUntouched(subject) {
  const { processes } = await subject.call("GET", `/supervisor/status?${untouched.join("&")}`);
  return processes.map(({ pid }) => pid).join(" ");
}

export const reloads = [
  reloadsOf({
    name: "reloads",
    what: "without Caddy",
    count: Number(process.env.GROWTH_RELOADS ?? 1_000),
    sites: "",
  }),
  reloadsOf({
    name: "reloads-caddy",
    what: "with Caddy",
    count: Number(process.env.GROWTH_CADDY_RELOADS ?? 200),
    sites: "http://localhost:0 {\n respond hello\n}\n",
  }),
];
