/** What a short Caddy command says on stderr: log lines, and at last `Error: …` when it failed. */

/** The text of Caddy's error, without its `Error: `; may span lines. */
export function caddyError(stderr: string): string {
  const at = stderr.startsWith("Error: ") ? 0 : stderr.lastIndexOf("\nError: ") + 1;
  const text = stderr.slice(at).trim();
  return text.startsWith("Error: ") ? text.slice("Error: ".length) : text || "Caddy gave no reason";
}

/** The warnings among Caddy's log lines, as sentences with file and line. */
export function caddyWarnings(stderr: string): string[] {
  return stderr.split("\n").flatMap((line) => {
    const record = readRecord(line);
    if (record?.level !== "warn") return [];
    const where = record.file === undefined ? "" : `, at ${record.file}:${record.line ?? 0}`;
    return [`${record.msg}${where}`];
  });
}

interface CaddyRecord {
  readonly level?: string;
  readonly msg?: string;
  readonly file?: string;
  readonly line?: number;
}

function readRecord(line: string): CaddyRecord | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as CaddyRecord;
  } catch {
    return undefined;
  }
}
