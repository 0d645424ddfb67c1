import { SupervisorError } from "../errors.ts";
import { located } from "./dispenser.ts";
import { type Token, tokenPlace } from "./token.ts";

/** How much imports may bring in. Snippets that import each other grow exponentially; Caddy knows no bound. */
export interface ImportLimits {
  /** Imports inside imports. */
  readonly depth: number;
  /** Import directives carried out. */
  readonly count: number;
  /** Words brought in, all imports together. */
  readonly tokens: number;
  /** UTF-16 units read from files, all imports together. */
  readonly size: number;
}

/** Far above any Caddyfile that people write. */
export const defaultImportLimits: ImportLimits = {
  depth: 64,
  count: 10_000,
  tokens: 4_000_000,
  size: 128 * 1024 * 1024,
};

const words: Readonly<Record<keyof ImportLimits, (limit: number) => string>> = {
  depth: (limit) => `imports are nested more than ${limit} deep`,
  count: (limit) => `more than ${limit} imports`,
  tokens: (limit) => `imports bring in more than ${limit} words`,
  size: (limit) => `imported files are larger than ${limit} characters together`,
};

/** Counts what imports have used. */
export class ImportBudget {
  readonly #limits: ImportLimits;
  readonly #used = { depth: 0, count: 0, tokens: 0, size: 0 };

  constructor(limits: ImportLimits) {
    this.#limits = limits;
  }

  /** @throws SupervisorError CADDYFILE_IMPORT_LIMIT at the directive's last token. */
  spend(at: Token, tokens: number, size: number): void {
    const used = this.#used;
    used.depth = at.imports.length + 1;
    used.count++;
    used.tokens += tokens;
    used.size += size;
    for (const key of Object.keys(words) as (keyof ImportLimits)[])
      if (used[key] > this.#limits[key])
        throw new SupervisorError("CADDYFILE_IMPORT_LIMIT", words[key](this.#limits[key]) + located(at), {
          place: tokenPlace(at),
        });
  }
}
