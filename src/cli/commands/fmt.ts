import {
  chmodSync,
  chownSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { openFailure } from "../../caddyfile/file-reader.ts";
import { format } from "../../caddyfile/formatter.ts";
import { diffLines } from "../../caddyfile/line-diff.ts";
import { SupervisorError } from "../../errors.ts";
import { reporting } from "../diagnostics.ts";
import type { FmtFlags } from "../flags.ts";
import { printOut, printTalk } from "../print.ts";

/**
 * `fmt`: as Caddy's (cmd/commandfuncs.go, cmdFmt): prints the formatted text, and ends with 1 when the file was
 * not formatted. A text from stdin is only printed.
 */
export function fmtCommand(path: string, flags: FmtFlags): Promise<number> {
  return reporting(flags.json ? printTalk : undefined, async () => {
    const input = path === "-" ? await readStdin() : readBytes(path);
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(input);
    const formatted = format(text);
    if (flags.overwrite && path !== "-") {
      if (!input.equals(Buffer.from(formatted))) overwrite(path, formatted);
      return 0;
    }
    printOut(flags.diff ? diffText(text, formatted) : formatted);
    if (path !== "-") refuseUnformatted(path, text, formatted);
    return 0;
  });
}

/** @throws SupervisorError NOT_FORMATTED; line ends of Windows are no difference, as for Caddy. */
function refuseUnformatted(path: string, text: string, formatted: string): void {
  const before = text.replaceAll("\r\n", "\n");
  if (before === formatted) return;
  const lines = before.split("\n");
  const line = formatted.split("\n").findIndex((wanted, index) => wanted !== lines[index]) + 1;
  const place = { file: path, line: line === 0 ? lines.length : line };
  throw new SupervisorError(
    "NOT_FORMATTED",
    `${place.file}:${place.line}: Caddyfile input is not formatted`,
    {
      place,
    },
  );
}

function diffText(text: string, formatted: string): string {
  return diffLines(text.split("\n"), formatted.split("\n"))
    .map(({ kind, text: line }) => `${kind} ${line}\n`)
    .join("");
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new SupervisorError("CONFIG_FILE", `reading input file: ${openFailure(path, cause)}`, {
      hint: "name the file: caddy-supervisor fmt PATH, or - for stdin",
      cause,
    });
  }
}

async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Whoever reads the file meanwhile sees the old text or the new one. A link stays a link. */
function overwrite(path: string, text: string): void {
  let scratch: string | undefined;
  try {
    const target = realpathSync(path);
    const { mode, uid, gid } = statSync(target);
    scratch = `${target}.${process.pid}.tmp`;
    writeFileSync(scratch, text, { flag: "wx", mode: 0o600 });
    if (process.getuid?.() === 0) chownSync(scratch, uid, gid);
    chmodSync(scratch, mode);
    renameSync(scratch, target);
  } catch (cause) {
    if (scratch !== undefined) rmSync(scratch, { force: true });
    throw new SupervisorError("CONFIG_FILE", `overwriting formatted file: ${openFailure(path, cause)}`, {
      cause,
    });
  }
}
