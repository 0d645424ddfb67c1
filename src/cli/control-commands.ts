import type { Command } from "commander";
import { configFlags } from "./config-flags.ts";
import type { Describe } from "./describe.ts";
import type { FollowFlags, InstanceFlags, ReloadFlags, StatusFlags, TargetFlags } from "./flags.ts";

/** The commands that talk to a running instance. */
export const controlCommands: Readonly<Record<string, Describe>> = {
  reload: (command, runner) =>
    reloadFlags(command.description("load the configuration into the instance that runs it"))
      .option("--dry-run", "only tell what would be done")
      .action((flags: ReloadFlags) =>
        runner(async () => (await import("./commands/reload.ts")).reloadCommand(flags)),
      ),

  plan: (command, runner) =>
    reloadFlags(command.description("tell what a reload would do, and why")).action((flags: ReloadFlags) =>
      runner(async () => (await import("./commands/reload.ts")).reloadCommand({ ...flags, dryRun: true })),
    ),

  stop: (command, runner) =>
    atFlags(configFlags(command.description("end the instance and all that it runs"))).action(
      (flags: InstanceFlags) => runner(async () => (await import("./commands/stop.ts")).stopCommand(flags)),
    ),

  status: (command, runner) =>
    instanceFlags(command.description("what runs, and how it fares"))
      .argument("[names...]", "worker, or worker:1 for one replica (default: all)")
      .option("--json", "as JSON")
      .action((names: string[], flags: StatusFlags) =>
        runner(async () => (await import("./commands/status.ts")).statusCommand(names, flags)),
      ),

  why: (command, runner) =>
    instanceFlags(command.description("why processes are as they are; exit code 1 when one does not run"))
      .argument("[names...]", "worker, or worker:1 for one replica (default: all)")
      .option("--json", "as JSON, a replica a line")
      .action((names: string[], flags: StatusFlags) =>
        runner(async () => (await import("./commands/why.ts")).whyCommand(names, flags)),
      ),

  up: ofProcesses("up", "start what does not run; what waits in back-off is tried now"),
  down: ofProcesses("down", "stop until it is asked up again"),
  restart: ofProcesses("restart", "stop and start, the replicas of a process one after the other"),

  signal: (command, runner) =>
    instanceFlags(command.description("send a signal to the processes themselves"))
      .argument("<signal>", "SIGUSR1, USR1 or 10")
      .argument("[names...]", "worker, or worker:1 for one replica")
      .option("--all", "all processes")
      .option("--json", "as JSON, a replica a line")
      .action((signal: string, names: string[], flags: TargetFlags) =>
        runner(async () => (await import("./commands/processes.ts")).signalCommand(signal, names, flags)),
      ),

  scale: (command, runner) =>
    instanceFlags(command.description("run another number of replicas"))
      .argument("<name=number...>", "worker=5")
      .option("--json", "tell what is done as JSON")
      .action((words: string[], flags: TargetFlags) =>
        runner(async () => (await import("./commands/processes.ts")).scaleCommand(words, flags)),
      ),

  logs: (command, runner) =>
    followFlags(command.description("the last lines that processes wrote to `log` and `file` targets"))
      .argument("[names...]", "worker, or worker:1 for one replica (default: all)")
      .action((names: string[], flags: FollowFlags) =>
        runner(async () => (await import("./commands/follow.ts")).logsCommand(names, flags)),
      ),

  events: (command, runner) =>
    followFlags(command.description("what has happened lately")).action((flags: FollowFlags) =>
      runner(async () => (await import("./commands/follow.ts")).eventsCommand(flags)),
    ),
};

function ofProcesses(action: "up" | "down" | "restart", description: string): Describe {
  return (command, runner) =>
    targetFlags(command.description(description)).action((names: string[], flags: TargetFlags) =>
      runner(async () => (await import("./commands/processes.ts")).processesCommand(action, names, flags)),
    );
}

function reloadFlags(command: Command): Command {
  return atFlags(configFlags(command))
    .option("-f, --force", "also when nothing has changed")
    .option("--json", "tell the plan as JSON");
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
