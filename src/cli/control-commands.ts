import type { Command } from "commander";
import type { FollowFlags, InstanceFlags, ReloadFlags, StatusFlags, TargetFlags } from "./flags.ts";

type Runner = (work: () => Promise<number>) => Promise<void>;

/** The commands that talk to a running instance. Each is loaded when it is called. */
export function describeControl(
  program: Command,
  runner: Runner,
  configFlags: (command: Command) => Command,
): void {
  const command = (usage: string, description: string) => program.command(usage).description(description);

  const reload = (usage: string, description: string) =>
    atFlags(configFlags(command(usage, description)))
      .option("-f, --force", "also when nothing has changed")
      .option("--json", "tell the plan as JSON");
  reload("reload", "load the configuration into the instance that runs it")
    .option("--dry-run", "only tell what would be done")
    .action((flags: ReloadFlags) =>
      runner(async () => (await import("./commands/reload.ts")).reloadCommand(flags)),
    );
  reload("plan", "tell what a reload would do, and why").action((flags: ReloadFlags) =>
    runner(async () => (await import("./commands/reload.ts")).reloadCommand({ ...flags, dryRun: true })),
  );
  atFlags(configFlags(command("stop", "end the instance and all that it runs"))).action(
    (flags: InstanceFlags) => runner(async () => (await import("./commands/stop.ts")).stopCommand(flags)),
  );

  instanceFlags(command("status", "what runs, and how it fares"))
    .argument("[names...]", "worker, or worker:1 for one replica (default: all)")
    .option("--json", "as JSON")
    .action((names: string[], flags: StatusFlags) =>
      runner(async () => (await import("./commands/status.ts")).statusCommand(names, flags)),
    );
  instanceFlags(command("why", "why processes are as they are; exit code 1 when one does not run"))
    .argument("[names...]", "worker, or worker:1 for one replica (default: all)")
    .option("--json", "as JSON, a replica a line")
    .action((names: string[], flags: StatusFlags) =>
      runner(async () => (await import("./commands/why.ts")).whyCommand(names, flags)),
    );
  for (const [action, description] of [
    ["up", "start what does not run; what waits in back-off is tried now"],
    ["down", "stop until it is asked up again"],
    ["restart", "stop and start, the replicas of a process one after the other"],
  ] as const) {
    targetFlags(command(action, description)).action((names: string[], flags: TargetFlags) =>
      runner(async () => (await import("./commands/processes.ts")).processesCommand(action, names, flags)),
    );
  }
  instanceFlags(command("signal", "send a signal to the processes themselves"))
    .argument("<signal>", "SIGUSR1, USR1 or 10")
    .argument("[names...]", "worker, or worker:1 for one replica")
    .option("--all", "all processes")
    .option("--json", "as JSON, a replica a line")
    .action((signal: string, names: string[], flags: TargetFlags) =>
      runner(async () => (await import("./commands/processes.ts")).signalCommand(signal, names, flags)),
    );
  instanceFlags(command("scale", "run another number of replicas"))
    .argument("<name=number...>", "worker=5")
    .option("--json", "tell what is done as JSON")
    .action((words: string[], flags: TargetFlags) =>
      runner(async () => (await import("./commands/processes.ts")).scaleCommand(words, flags)),
    );

  followFlags(command("logs", "the last lines that processes wrote to `log` and `file` targets"))
    .argument("[names...]", "worker, or worker:1 for one replica (default: all)")
    .action((names: string[], flags: FollowFlags) =>
      runner(async () => (await import("./commands/follow.ts")).logsCommand(names, flags)),
    );
  followFlags(command("events", "what has happened lately")).action((flags: FollowFlags) =>
    runner(async () => (await import("./commands/follow.ts")).eventsCommand(flags)),
  );
}

function atFlags(command: Command): Command {
  return command
    .option("--address <address>", "the admin address of the instance")
    .option("--socket <path>", "the control socket of the instance");
}

function instanceFlags(command: Command): Command {
  return atFlags(
    command.option("-c, --config <path>", "the configuration that the instance runs (default: as run)"),
  );
}

function targetFlags(command: Command): Command {
  return instanceFlags(command)
    .argument("[names...]", "worker, or worker:1 for one replica")
    .option("--all", "all processes")
    .option("--json", "as JSON, a replica a line");
}

function followFlags(command: Command): Command {
  return instanceFlags(command)
    .option("-f, --follow", "go on with those to come")
    .option("-n, --lines <number>", "how many of the last ones (default: 10)")
    .option("--json", "as JSON, one a line");
}
