import type { Command, Option } from "commander";
import { findInstance } from "./instance.ts";

/** What may stand next on a command line. */
export interface Candidate {
  readonly text: string;
  readonly description: string;
}

/** Names are asked of the running instance; one that does not answer at once (ms) has none. */
const patience = 500;

/**
 * What may stand for the last of these words, which may be empty: commands, their flags, and where names of processes are taken,
 * those of the running instance. Nothing where a file belongs: shells know files best.
 */
export async function candidates(program: Command, words: readonly string[]): Promise<Candidate[]> {
  const current = words.at(-1) ?? "";
  const [command, ...between] = words.slice(0, -1);
  const found =
    command === undefined ? commandsOf(program) : await within(program, command, between, current);
  return found.filter(({ text }) => text.startsWith(current));
}

function commandsOf(program: Command): Candidate[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({ text: command.name(), description: command.description() }));
}

async function within(
  program: Command,
  commandName: string,
  between: readonly string[],
  current: string,
): Promise<Candidate[]> {
  if (commandName === "help") return commandsOf(program);
  const command = program.commands.find((each) => each.name() === commandName);
  if (command === undefined) return [];
  const options = command.createHelp().visibleOptions(command);
  const before = options.find(({ long, short }) => [long, short].includes(between.at(-1) ?? ""));
  if (before !== undefined && (before.required || before.optional)) return [];
  if (current.startsWith("-")) return options.flatMap(flagsOf);
  const choices = command.registeredArguments.flatMap((argument) => argument.argChoices ?? []);
  if (choices.length > 0) return choices.map((text) => ({ text, description: "" }));
  const takesNames = command.registeredArguments.some((argument) => argument.name().startsWith("name"));
  if (!takesNames) return [];
  const names = await processNames(between);
  return commandName === "scale" ? names.filter(isWholeProcess) : names;
}

/** `worker`, not `worker:1`: a single replica is not scaled. */
function isWholeProcess({ text }: Candidate, _: number, all: readonly Candidate[]): boolean {
  return all.some((other) => other.text.startsWith(`${text}:`));
}

function flagsOf({ long, short, description }: Option): Candidate[] {
  return [long ?? short ?? ""].map((text) => ({ text, description }));
}

async function processNames(between: readonly string[]): Promise<Candidate[]> {
  const after = (...flags: readonly string[]) => {
    const at = between.findIndex((word) => flags.includes(word));
    return at < 0 ? undefined : between[at + 1];
  };
  const [config, address, socket] = [after("--config", "-c"), after("--address"), after("--socket")];
  const flags = {
    ...(config === undefined ? {} : { config }),
    ...(address === undefined ? {} : { address }),
    ...(socket === undefined ? {} : { socket }),
  };
  try {
    const { processes } = await inTime(findInstance(flags).status());
    const names = new Map(processes.map(({ name, command }) => [name, command.join(" ")]));
    const replicas = processes.map(({ name, replica, state }) => [`${name}:${replica}`, state] as const);
    return [...names, ...replicas].map(([text, description]) => ({ text, description }));
  } catch {
    return [];
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("no answer")), patience).unref();
    work.then(resolve, reject);
  });
}

/** One candidate a line, its description behind a tab, as fish takes them. */
export function candidateLines(found: readonly Candidate[]): string {
  return found.map(({ text, description }) => `${text}\t${description.replaceAll(/\s+/g, " ")}\n`).join("");
}

/**
 * The scripts that make shells ask us. Bash breaks words at `:` and `=`, so that a candidate must begin behind the last of
 * them in the word under the cursor.
 */
export const completionScripts = {
  bash: `_caddy_supervisor() {
	local line=\${COMP_LINE:0:COMP_POINT} word
	local -a words
	read -ra words <<<"$line"
	[[ $line == *[[:space:]] ]] && words+=("")
	word=\${words[-1]}
	local broken=\${word%"\${word##*[:=]}"}
	COMPREPLY=()
	while IFS=$'\\t' read -r word _; do
		COMPREPLY+=("\${word#"$broken"}")
	done < <(caddy-supervisor __complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -o default -F _caddy_supervisor caddy-supervisor
`,
  zsh: `#compdef caddy-supervisor
_caddy_supervisor() {
	local -a found
	found=("\${(@f)$(caddy-supervisor __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
	found=("\${(@)found%%$'\\t'*}")
	if [[ -n "\${found[*]}" ]]; then compadd -- "\${found[@]}"; else _files; fi
}
if [[ "$funcstack[1]" == _caddy_supervisor ]]; then _caddy_supervisor; else compdef _caddy_supervisor caddy-supervisor; fi
`,
  fish: `function __caddy_supervisor_complete
	set -l words (commandline -opc)[2..-1] (commandline -ct)
	set -l found (caddy-supervisor __complete -- $words 2>/dev/null)
	if test (count $found) -gt 0
		printf '%s\\n' $found
	else
		__fish_complete_path (commandline -ct)
	end
end
complete -c caddy-supervisor -f -a '(__caddy_supervisor_complete)'
`,
} as const;
