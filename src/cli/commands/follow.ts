import { toJsonNames } from "../../admin/field-names.ts";
import type { JournalEvent } from "../../app/control/journal.ts";
import { isOnOwnStream, type LogLine } from "../../app/control/log-lines.ts";
import { SupervisorError } from "../../errors.ts";
import type { FollowFlags } from "../flags.ts";
import { findInstance } from "../instance.ts";
import { printOut, printTalk } from "../print.ts";

/** `logs`: the last lines of processes, and with `--follow` those to come until the instance ends. */
export async function logsCommand(targets: readonly string[], flags: FollowFlags): Promise<number> {
  const client = findInstance(flags);
  const known = await client.status(targets);
  const isMany = known.processes.length > 1;
  let isHinted = flags.json ?? false;
  for await (const line of client.logs({ targets, lines: linesOf(flags), follow: flags.follow ?? false })) {
    printLine(line, isMany, flags);
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
  for await (const event of client.events({ lines: linesOf(flags), follow: flags.follow ?? false }))
    printOut(flags.json ? `${JSON.stringify(toJsonNames(event))}\n` : `${eventText(event)}\n`);
  return 0;
}

function printLine(entry: LogLine, isMany: boolean, { json }: FollowFlags): void {
  const { name, replica, stream, line, note } = entry;
  const who = `${name}:${replica}`;
  if (json) printOut(`${JSON.stringify(toJsonNames(entry))}\n`);
  else if (line === undefined) printTalk(`${who} ${stream} ${note}\n`);
  else printOut(isMany ? `${who} | ${line}\n` : `${line}\n`);
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
