import { isatty } from "node:tty";
import { toJsonNames } from "../../admin/field-names.ts";
import type { JournalEvent } from "../../app/control/journal.ts";
import { isOnOwnStream, type LogLine } from "../../app/control/log-lines.ts";
import { SupervisorError } from "../../errors.ts";
import type { FollowFlags } from "../flags.ts";
import { findInstance } from "../instance.ts";
import { harmless, printJson, printOut, printTalk, printText, roomToPrint } from "../print.ts";

/** `logs`: the last lines of processes, and with `--follow` those to come until the instance ends. */
export async function logsCommand(targets: readonly string[], flags: FollowFlags): Promise<number> {
  const client = findInstance(flags);
  const known = await client.status(targets);
  const isMany = known.processes.length > 1;
  let isHinted = flags.json ?? false;
  for await (const line of client.logs({ targets, lines: linesOf(flags), follow: flags.follow ?? false })) {
    printLine(line, isMany, flags);
    if (!(await roomToPrint())) break;
    if (isHinted || !isOnOwnStream(line)) continue;
    isHinted = true;
    printTalk(ownStreamHint);
  }
  return 0;
}

const ownStreamHint =
  "Hint: look where `run` writes (terminal, journal, container log), or set `redirect_stdout log` or `file PATH`\n";

/** `events`: what has happened lately. */
export async function eventsCommand(flags: FollowFlags): Promise<number> {
  const client = findInstance(flags);
  let next = 0;
  for await (const event of client.events({ lines: linesOf(flags), follow: flags.follow ?? false })) {
    if (next > 0 && event.id > next) printTalk(missedText(event.id - next));
    next = event.id + 1;
    if (flags.json) printJson(event);
    else printText(`${eventText(event)}\n`);
    if (!(await roomToPrint())) break;
  }
  return 0;
}

function missedText(count: number): string {
  return `${count} events were left out: they came faster than they were read\n`;
}

function printLine(entry: LogLine, isMany: boolean, { json }: FollowFlags): void {
  const { name, replica, stream, line, note } = entry;
  const who = `${name}:${replica}`;
  if (json) printJson(entry);
  else if (line === undefined) printTalk(harmless(`${who} ${stream} ${note}\n`));
  else {
    const text = isatty(1) ? shown(line) : line;
    printOut(isMany ? `${who} | ${text}\n` : `${text}\n`);
  }
}

/**
 * A line as a terminal may get it: colours, but nothing that moves the cursor, sets the title or asks for an answer, which the
 * shell would then take for words of the user; journalctl(1) does not show such lines at all. A file or pipe gets every byte.
 */
function shown(line: string): string {
  return line
    .split(/(\x1b\[[\d;:]*m)/)
    .map((part, index) => (index % 2 === 0 ? harmless(part) : part))
    .join("");
}

function eventText({ id, time, event, name, replica, ...fields }: JournalEvent): string {
  const who = name === undefined ? "" : ` ${name}:${replica}`;
  const more = Object.entries(toJsonNames(fields) as Record<string, unknown>).map(
    ([key, value]) => ` ${key}=${JSON.stringify(value)}`,
  );
  return `${new Date(time * 1000).toISOString()}${who} ${event}${more.join("")}`;
}

function linesOf({ lines = "10" }: FollowFlags): number {
  if (/^\d{1,6}$/.test(lines)) return Number(lines);
  throw new SupervisorError("USAGE", `--lines takes a number, not '${lines}'`, {
    hint: "write it as: -n 100",
  });
}
