import { readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { RollingPlan } from "../config/output-plan.ts";

/**
 * The names of rolled files, as Caddy's (lumberjack): `app.log` becomes `app-2006-01-02T15-04-05.000.log`, and when it is
 * compressed `….log.gz`. Times are UTC.
 */
export function rolledName(path: string, time: number): string {
  const { folder, stem, extension } = parts(path);
  const stamp = new Date(time).toISOString().replaceAll(":", "-").replace("Z", "");
  return join(folder, `${stem}-${stamp}${extension}`);
}

export interface RolledFile {
  readonly path: string;
  /** When it was rolled, in ms since 1970. */
  readonly time: number;
  readonly isCompressed: boolean;
}

const stampPattern = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d\.\d{3})$/;

/** The rolled files of a log file, newest first. Only names of exactly our pattern are taken for them. */
export function rolledFiles(path: string): RolledFile[] {
  const { folder, stem, extension } = parts(path);
  return readdirSync(folder)
    .flatMap((name): RolledFile[] => {
      const isCompressed = name.endsWith(`${extension}.gz`);
      const ending = isCompressed ? `${extension}.gz` : extension;
      if (!name.startsWith(`${stem}-`) || !name.endsWith(ending)) return [];
      const stamp = stampPattern.exec(name.slice(stem.length + 1, name.length - ending.length));
      const time = Date.parse(`${stamp?.[1]}:${stamp?.[2]}:${stamp?.[3]}Z`);
      return Number.isNaN(time) ? [] : [{ path: join(folder, name), time, isCompressed }];
    })
    .sort((a, b) => b.time - a.time);
}

/** Which of them are to go: those beyond the number that is kept, and those that are too old. */
export function outdated(
  files: readonly RolledFile[],
  { keep, keepFor }: Pick<RollingPlan, "keep" | "keepFor">,
  now: number,
): RolledFile[] {
  return files.filter(
    ({ time }, index) => (keep > 0 && index >= keep) || (keepFor > 0 && now - time > keepFor),
  );
}

function parts(path: string): { folder: string; stem: string; extension: string } {
  const extension = extname(path);
  return { folder: dirname(path), stem: basename(path, extension), extension };
}
