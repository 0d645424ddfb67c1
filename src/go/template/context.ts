import { Budget } from "../values/budget.ts";
import { encodeUtf8 } from "../values/bytes.ts";
import type { GoContext } from "../values/model.ts";

/** What an execution may know of the world. All have the process's own as default. */
export interface TemplateOptions {
  /** Replaces the process environment. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Stands for the clock. */
  readonly now?: Date | undefined;
  /** IANA name of the local time zone; by default TZ, then the system's. */
  readonly timeZone?: string | undefined;
}

/** Reads the environment and the time zone only when a function asks for them. */
class Surroundings implements GoContext {
  readonly budget = new Budget();
  private readonly options: TemplateOptions;
  private variables: ReadonlyMap<string, string> | undefined;

  constructor(options: TemplateOptions) {
    this.options = options;
  }

  get env(): ReadonlyMap<string, string> {
    this.variables ??= new Map(
      Object.entries(this.options.env ?? process.env).flatMap(([name, value]) =>
        value === undefined ? [] : [[encodeUtf8(name), encodeUtf8(value)] as const],
      ),
    );
    return this.variables;
  }

  readonly now = (): bigint => BigInt(this.options.now?.getTime() ?? Date.now()) * 1_000_000n;

  get timeZone(): string {
    return (
      this.options.timeZone ??
      ((this.options.env ?? process.env).TZ || Intl.DateTimeFormat().resolvedOptions().timeZone)
    );
  }
}

/** The context that functions are called with. */
export function contextFor(options: TemplateOptions): GoContext {
  return new Surroundings(options);
}
