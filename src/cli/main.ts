import { Command, CommanderError } from "commander";
import { SupervisorError } from "../errors.ts";
import type { AdaptFlags, FmtFlags, RunFlags, TemplateFlags, ValidateFlags } from "./flags.ts";
import { printOut } from "./print.ts";
import { printError } from "./print-error.ts";
import { version } from "./version.ts";

/** Runs the command line and resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = describe(async (work) => {
    exitCode = await work();
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    printError(error);
    return error instanceof SupervisorError ? error.exitCode : 1;
  }
}

type Runner = (work: () => Promise<number>) => Promise<void>;

/** Each command is loaded when it is called: `version` does not pay for `run`. */
function describe(runner: Runner): Command {
  const program = new Command("caddy-supervisor")
    .description("Runs and supervises processes next to a stock Caddy, from the same Caddyfile")
    .version(version(), "-v, --version")
    .showHelpAfterError("(see caddy-supervisor --help)")
    .exitOverride();

  configFlags(program.command("run").description("run the processes and Caddy, and stay in the foreground"))
    .option("-e, --environ", "print the environment first")
    .option("--pidfile <path>", "write our pid to this file")
    .option("--pingback <address>", "dial this TCP address once everything runs")
    .option("--cgroup [path]", "hold each process in a control group of its own, below this one or ours")
    .option("--no-prefix", "on a terminal: show the lines of processes without their names")
    .action((flags: RunFlags) => runner(async () => (await import("./commands/run.ts")).runCommand(flags)));

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
    .command("version")
    .description("print our version")
    .action(() =>
      runner(async () => {
        printOut(`${version()}\n`);
        return 0;
      }),
    );
  return program;
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
    .option("--envfile <path>", "read variables from this file first (repeatable)", collect)
    .option("--caddy <path>", "the Caddy binary (default: caddy on the PATH)");
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
