import { invalid } from "./invalid.ts";

const factors: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  t: 1e12,
  tb: 1e12,
  ki: 2 ** 10,
  kib: 2 ** 10,
  mi: 2 ** 20,
  mib: 2 ** 20,
  gi: 2 ** 30,
  gib: 2 ** 30,
  ti: 2 ** 40,
  tib: 2 ** 40,
};

/**
 * A number of bytes as Caddy reads it in its own options (go-humanize): `10MiB`, `10 MB`, `4096`; undefined for any
 * other text.
 */
export function readSize(text: string): number | undefined {
  const [, digits, unit = ""] = /^\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)\s*$/.exec(text) ?? [];
  const factor = factors[unit.toLowerCase()];
  if (digits === undefined || factor === undefined) return undefined;
  const bytes = Math.floor(Number(digits) * factor);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** @throws SupervisorError `DEFINITION` unless it is a size of at least `least` bytes */
export function parseSize(option: string, name: string, text: string, least: number): number {
  const bytes = readSize(text);
  if (bytes === undefined) {
    throw invalid(option, `'${name}' should be a size, '${text}' given`, "write it as 10MiB, 500KB or 4096");
  }
  if (bytes < least) throw invalid(option, `'${name}' should be at least ${least} bytes, '${text}' given`);
  return bytes;
}
