import type { Dispenser } from "../caddyfile/dispenser.ts";
import type { Token } from "../caddyfile/token.ts";
import { type Problem, problemAt } from "./problems.ts";
import { isModuleSignal, signalNumber } from "./stop-signal.ts";
import { suggest } from "./suggest.ts";

/** Looks at each word that the module takes for an option of a command, one problem a line at most. */
export class Review {
  readonly #d: Dispenser;
  readonly #problems: Problem[];
  /** Deeper than this is a block that does not belong here; what stands in it is not looked at. */
  readonly #level: number;
  readonly #known: readonly string[];
  #lineHasProblem = false;
  #lastOption = "";

  constructor(d: Dispenser, problems: Problem[], known: readonly string[]) {
    this.#d = d;
    this.#problems = problems;
    this.#known = known;
    this.#level = 2;
  }

  word(): void {
    const d = this.#d;
    const token = d.token()!;
    const nested = d.nesting() > this.#level;
    if (d.isNewLine()) this.#lineHasProblem = false;
    if (this.#lineHasProblem) return;
    if (nested) {
      if (token.text === "{" && token.quote === "" && d.nesting() === this.#level + 1) this.#block(token);
    } else if (d.isNewLine()) {
      if (token.text !== "}") this.#option(token);
    } else {
      this.#extra(token);
    }
  }

  /** What is left of the line is not looked at: its option was wrong already. */
  passLine(): void {
    this.#d.remainingArgs();
    this.#lineHasProblem = true;
  }

  #note(problem: Problem): void {
    this.#problems.push(problem);
    this.#lineHasProblem = true;
  }

  #option(token: Token): void {
    this.#lastOption = token.text;
    if (this.#known.includes(token.text)) return;
    const meant = suggest(token.text, this.#known);
    this.#note(
      problemAt(
        token,
        "UNKNOWN_OPTION",
        `unrecognized option '${token.text}'${meant === undefined ? "" : `, did you mean '${meant}'?`}`,
        meant === undefined ? `the options are ${this.#known.join(", ")}` : `write ${meant}`,
      ),
    );
  }

  #block(token: Token): void {
    this.#note(
      problemAt(
        token,
        "UNKNOWN_BLOCK",
        `'${this.#lastOption}' takes no block; options in it apply to the command itself`,
      ),
    );
  }

  #extra(token: Token): void {
    this.#note(
      problemAt(
        token,
        "EXTRA_ARGUMENT",
        `unexpected '${token.text}' after the arguments of '${this.#lastOption}'`,
        `quote the ${token.text.includes("}}") ? "template" : "value"} if it contains spaces`,
      ),
    );
  }
}

export function reviewStopSignal(token: Token, compat: boolean, problems: Problem[]): void {
  const signal = token.text;
  if (signal === "") return;
  if (signalNumber(signal) === undefined)
    problems.push(
      problemAt(
        token,
        "STOP_SIGNAL",
        `'stop_signal' should be a signal, '${signal}' given; the Go module reads it as SIGINT`,
      ),
    );
  else if (compat && !isModuleSignal(signal))
    problems.push(
      problemAt(
        token,
        "STOP_SIGNAL",
        `the Go module reads 'stop_signal ${signal}' as SIGINT`,
        "write the full name, such as SIGTERM",
      ),
    );
}
