import { Argument } from "commander";
import { caddyFlag, configFlags, envfileFlag, runFlags } from "./config-flags.ts";
import { controlCommands } from "./control-commands.ts";
import type { Describe } from "./describe.ts";
import type {
  AdaptFlags,
  BinaryFlags,
  EnvironFlags,
  FmtFlags,
  ListModulesFlags,
  RunFlags,
  StartFlags,
  TemplateFlags,
  ValidateFlags,
} from "./flags.ts";
import { printOut } from "./print.ts";

/** All commands by their names, in the order in which help lists them. */
export const commandTable: Readonly<Record<string, Describe>> = {
  run: (command, runner) =>
    runFlags(command.description("run the processes and Caddy, and stay in the foreground"))
      .option("--pingback <address>", "send what stdin holds to this TCP address once everything runs")
      .option("--no-prefix", "on a terminal: show the lines of processes without their names")
      .action((flags: RunFlags) => runner(async () => (await import("./commands/run.ts")).runCommand(flags))),

  start: (command, runner) =>
    runFlags(command.description("as `run`, in the background; returns when everything runs"))
      .argument("[name]", "none: a single process is started with `up`")
      .action((name: string | undefined, flags: StartFlags) =>
        runner(async () => (await import("./commands/start.ts")).startCommand(name, flags)),
      ),

  ...controlCommands,

  adapt: (command, runner) =>
    configFlags(command.description("print the configuration as JSON, both halves"))
      .option("-p, --pretty", "indent the JSON")
      .option("--validate", "check the result as `validate` does")
      .option("--compat", "read as the Go module reads; what it misreads is a warning")
      .option("--json", "tell faults and warnings as JSON on stderr, for editors")
      .action((flags: AdaptFlags) =>
        runner(async () => (await import("./commands/adapt.ts")).adaptCommand(flags)),
      ),

  validate: (command, runner) =>
    configFlags(command.description("check everything that `run` would load; start nothing"))
      .option("--stop-timeout <duration>", "warn when a stop may take longer")
      .option("--json", "tell faults and warnings as JSON on stdout, for editors")
      .action((flags: ValidateFlags) =>
        runner(async () => (await import("./commands/validate.ts")).validateCommand(flags)),
      ),

  fmt: (command, runner) =>
    command
      .description("lay out a Caddyfile as Caddy does; exit code 1 when it was not so before")
      .argument("[path]", "- for stdin", "Caddyfile")
      .option("-w, --overwrite", "write the file in place instead of printing it")
      .option("-d, --diff", "print the lines that change, with - and +")
      .option("--json", "tell faults as JSON on stderr, for editors")
      .action((path: string, flags: FmtFlags) =>
        runner(async () => (await import("./commands/fmt.ts")).fmtCommand(path, flags)),
      ),

  template: (command, runner) =>
    command
      .description("print what a template gives")
      .argument("<text>", "the template; - for stdin")
      .option("--replica <number>", "which replica it is for (default: 0)")
      .option("--data <path>", "JSON: options of a process by their names in the library, or anything else")
      // A text may well begin with dashes: '--port={{add 8000 .Replica}}'.
      .allowUnknownOption()
      .action((text: string, flags: TemplateFlags) =>
        runner(async () => (await import("./commands/template.ts")).templateCommand(text, flags)),
      ),

  completion: (command, runner) =>
    command
      .description("print what makes a shell complete our commands, flags and the names of processes")
      .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]))
      .action((shell: "bash" | "zsh" | "fish") =>
        runner(async () => {
          printOut((await import("./completion.ts")).completionScripts[shell]);
          return 0;
        }),
      ),

  environ: (command, runner) =>
    command
      .description("print the environment as Caddy and the processes see it")
      .addOption(envfileFlag())
      .addOption(caddyFlag())
      .action((flags: EnvironFlags) =>
        runner(async () => (await import("./commands/environ.ts")).environCommand(flags)),
      ),

  "list-modules": (command, runner) =>
    command
      .description("list the modules of the Caddy binary, and the app that we add")
      .option("--packages", "with package paths")
      .option("--versions", "with versions")
      .option("-s, --skip-standard", "without those that every Caddy has")
      .option("--json", "as JSON, where the binary knows how")
      .addOption(caddyFlag())
      .action((flags: ListModulesFlags) =>
        runner(async () => (await import("./commands/list-modules.ts")).listModulesCommand(flags)),
      ),

  version: (command, runner) =>
    command
      .description("print our version, and that of the Caddy binary")
      .addOption(caddyFlag())
      .action((flags: BinaryFlags) =>
        runner(async () => (await import("./commands/version.ts")).versionCommand(flags)),
      ),
};
