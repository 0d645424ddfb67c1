import { Command, CommanderError } from "commander";
import { SupervisorError } from "../errors.ts";
import { commandTable } from "./command-table.ts";
import type { Runner } from "./describe.ts";
import { printOut } from "./print.ts";
import { printError } from "./print-error.ts";
import { version } from "./version.ts";

/** Runs the command line and resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = describe(argv[0], async (work) => {
    exitCode = await work();
  });
  const ours = Object.keys(commandTable);
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

function describe(name: string | undefined, runner: Runner): Command {
  const program = new Command("caddy-supervisor")
    .description("Runs and supervises processes next to a stock Caddy, from the same Caddyfile")
    .version(version(), versionFlags.join(", "))
    .addHelpText(
      "after",
      "\nAny other command goes to the Caddy binary, with its arguments: file-server, respond, trust …",
    )
    .configureOutput({ outputError: (text, write) => write(usageText(text)) })
    .exitOverride();

  for (const each of neededFor(name)) commandTable[each]?.(program.command(each), runner);
  return program;
}

const versionFlags = ["-v", "--version"];

/** The commands that have to be described when the first word is this one: to describe all takes longer than to read a configuration. */
function neededFor(name = ""): readonly string[] {
  if (versionFlags.includes(name)) return [];
  return Object.hasOwn(commandTable, name) ? [name] : Object.keys(commandTable);
}

/** Commander's complaint in the form of our own errors. */
function usageText(text: string): string {
  return `${text.replace(/^error: /, "Error: ")}Hint: caddy-supervisor help COMMAND lists its flags\n`;
}
