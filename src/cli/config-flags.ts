import { type Command, Option } from "commander";

export function runFlags(command: Command): Command {
  return configFlags(command)
    .option("-r, --resume", "go on with the configuration that ran last, if one was saved")
    .option("-w, --watch", "reload when the configuration file, or one that it imports, changes")
    .option("-e, --environ", "print the environment first")
    .option("--pidfile <path>", "write our pid to this file")
    .option("--stop-timeout <duration>", "kill what is left of a stop after this time")
    .option("--cgroup [path]", "hold each process in a control group of its own, below this one or ours");
}

export function configFlags(command: Command): Command {
  return command
    .option(
      "-c, --config <path>",
      "configuration file; - for stdin (default: ./Caddyfile, else ./Supervisorfile)",
    )
    .option(
      "-a, --adapter <name>",
      "how it is written: caddyfile, supervisorfile, json or an adapter of Caddy's",
    )
    .addOption(envfileFlag())
    .addOption(caddyFlag());
}

export function envfileFlag(): Option {
  return new Option("--envfile <path>", "read variables from this file first (repeatable)").argParser(
    collect,
  );
}

export function caddyFlag(): Option {
  return new Option(
    "--caddy <path>",
    "the Caddy binary (default: CADDY_SUPERVISOR_CADDY, else caddy on the PATH)",
  );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
