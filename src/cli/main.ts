import { Argument, Command, CommanderError, Option } from "commander";
import { SupervisorError } from "../errors.ts";
import { describeControl } from "./control-commands.ts";
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
import { printError } from "./print-error.ts";
import { version } from "./version.ts";

/** Runs the command line and resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = describe(async (work) => {
    exitCode = await work();
  });
  const ours = program.commands.flatMap((command) => [command.name(), ...command.aliases()]);
  try {
    if (argv[0] === "__complete") return await complete(program, argv.slice(1));
    if (isForCaddy(argv, ours)) return await (await import("./hand-over.ts")).handOver(argv, ours);
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    printError(error);
    return error instanceof SupervisorError ? error.exitCode : 1;
  }
}

/** What shells ask while somebody types. */
async function complete(program: Command, words: readonly string[]): Promise<number> {
  const { candidateLines, candidates } = await import("./completion.ts");
  printOut(candidateLines(await candidates(program, words[0] === "--" ? words.slice(1) : words)));
  return 0;
}

/** Whether a command line is for stock Caddy: it begins with a command that is none of ours, or asks for help on one. */
function isForCaddy([first, second]: readonly string[], ours: readonly string[]): boolean {
  const command = first === "help" ? second : first;
  return command !== undefined && !command.startsWith("-") && command !== "help" && !ours.includes(command);
}

type Runner = (work: () => Promise<number>) => Promise<void>;

/** Each command is loaded when it is called: `version` does not pay for `run`. */
function describe(runner: Runner): Command {
  const program = new Command("caddy-supervisor")
    .description("Runs and supervises processes next to a stock Caddy, from the same Caddyfile")
    .version(version(), "-v, --version")
    .addHelpText(
      "after",
      "\nAny other command goes to the Caddy binary, with its arguments: file-server, respond, trust …",
    )
    .configureOutput({ outputError: (text, write) => write(usageText(text)) })
    .exitOverride();

  runFlags(program.command("run").description("run the processes and Caddy, and stay in the foreground"))
    .option("--pingback <address>", "send what stdin holds to this TCP address once everything runs")
    .option("--no-prefix", "on a terminal: show the lines of processes without their names")
    .action((flags: RunFlags) => runner(async () => (await import("./commands/run.ts")).runCommand(flags)));

  runFlags(program.command("start").description("as `run`, in the background; returns when everything runs"))
    .argument("[name]", "none: a single process is started with `up`")
    .action((name: string | undefined, flags: StartFlags) =>
      runner(async () => (await import("./commands/start.ts")).startCommand(name, flags)),
    );

  describeControl(program, runner, configFlags);

  configFlags(program.command("adapt").description("print the configuration as JSON, both halves"))
    .option("-p, --pretty", "indent the JSON")
    .option("--validate", "check the result as `validate` does")
    .option("--compat", "read as the Go module reads; what it misreads is a warning")
    .option("--json", "tell faults and warnings as JSON on stderr, for editors")
    .action((flags: AdaptFlags) =>
      runner(async () => (await import("./commands/adapt.ts")).adaptCommand(flags)),
    );

  configFlags(
    program.command("validate").description("check everything that `run` would load; start nothing"),
  )
    .option("--stop-timeout <duration>", "warn when a stop may take longer")
    .option("--json", "tell faults and warnings as JSON on stdout, for editors")
    .action((flags: ValidateFlags) =>
      runner(async () => (await import("./commands/validate.ts")).validateCommand(flags)),
    );

  program
    .command("fmt")
    .description("lay out a Caddyfile as Caddy does; exit code 1 when it was not so before")
    .argument("[path]", "- for stdin", "Caddyfile")
    .option("-w, --overwrite", "write the file in place instead of printing it")
    .option("-d, --diff", "print the lines that change, with - and +")
    .option("--json", "tell faults as JSON on stderr, for editors")
    .action((path: string, flags: FmtFlags) =>
      runner(async () => (await import("./commands/fmt.ts")).fmtCommand(path, flags)),
    );

  program
    .command("template")
    .description("print what a template gives")
    .argument("<text>", "the template; - for stdin")
    .option("--replica <number>", "which replica it is for (default: 0)")
    .option("--data <path>", "JSON: options of a process by their names in the library, or anything else")
    // A text may well begin with dashes: '--port={{add 8000 .Replica}}'.
    .allowUnknownOption()
    .action((text: string, flags: TemplateFlags) =>
      runner(async () => (await import("./commands/template.ts")).templateCommand(text, flags)),
    );

  program
    .command("completion")
    .description("print what makes a shell complete our commands, flags and the names of processes")
    .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]))
    .action((shell: "bash" | "zsh" | "fish") =>
      runner(async () => {
        printOut((await import("./completion.ts")).completionScripts[shell]);
        return 0;
      }),
    );

  program
    .command("environ")
    .description("print the environment as Caddy and the processes see it")
    .addOption(envfileFlag())
    .addOption(caddyFlag())
    .action((flags: EnvironFlags) =>
      runner(async () => (await import("./commands/environ.ts")).environCommand(flags)),
    );

  program
    .command("list-modules")
    .description("list the modules of the Caddy binary, and the app that we add")
    .option("--packages", "with package paths")
    .option("--versions", "with versions")
    .option("-s, --skip-standard", "without those that every Caddy has")
    .option("--json", "as JSON, where the binary knows how")
    .addOption(caddyFlag())
    .action((flags: ListModulesFlags) =>
      runner(async () => (await import("./commands/list-modules.ts")).listModulesCommand(flags)),
    );

  program
    .command("version")
    .description("print our version, and that of the Caddy binary")
    .addOption(caddyFlag())
    .action((flags: BinaryFlags) =>
      runner(async () => (await import("./commands/version.ts")).versionCommand(flags)),
    );
  return program;
}

/** Commander's complaint in the form of our own errors. */
function usageText(text: string): string {
  return `${text.replace(/^error: /, "Error: ")}Hint: caddy-supervisor help COMMAND lists its flags\n`;
}

function runFlags(command: Command): Command {
  return configFlags(command)
    .option("-r, --resume", "go on with the configuration that ran last, if one was saved")
    .option("-w, --watch", "reload when the configuration file, or one that it imports, changes")
    .option("-e, --environ", "print the environment first")
    .option("--pidfile <path>", "write our pid to this file")
    .option("--stop-timeout <duration>", "kill what is left of a stop after this time")
    .option("--cgroup [path]", "hold each process in a control group of its own, below this one or ours");
}

function configFlags(command: Command): Command {
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

function envfileFlag(): Option {
  return new Option("--envfile <path>", "read variables from this file first (repeatable)").argParser(
    collect,
  );
}

function caddyFlag(): Option {
  return new Option(
    "--caddy <path>",
    "the Caddy binary (default: CADDY_SUPERVISOR_CADDY, else caddy on the PATH)",
  );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
