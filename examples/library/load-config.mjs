// The processes of a Caddyfile, without running them.
import { loadConfig, toSupervisors } from "caddy-supervisor";

const { supervise } = await loadConfig(process.argv[2]);
for (const supervisor of supervise.flatMap((definition) => toSupervisors(definition))) {
  const { command, args, replica, env } = supervisor.options;
  console.log(`${replica}: ${[command, ...args].join(" ")} ${env.join(" ")}`.trim());
}
