import { quote } from "../strconv/quote.ts";
import { stepsExceeded } from "../values/bounds.ts";
import { type GoContext, GoError, type GoFunctionEntry } from "../values/model.ts";
import { TemplateFault } from "./fault.ts";
import { limits } from "./limits.ts";
import { type Node, nodeText } from "./nodes.ts";
import type { TreeSet } from "./parser.ts";
import type { Reflected } from "./reflected.ts";

/** A parsed template with the functions that it may call. */
export interface Program {
  /** The name that error messages begin with. */
  readonly name: string;
  readonly text: string;
  readonly trees: TreeSet;
  readonly functions: ReadonlyMap<string, GoFunctionEntry>;
}

export interface Variable {
  readonly name: string;
  value: Reflected;
}

/** What one execution carries along: where it is, what it has declared and written. */
export class ExecutionState {
  readonly program: Program;
  readonly context: GoContext;
  /** The name of the template being run. */
  template: string;
  /** The node that an error would name: the one looked at last. */
  node: Node | undefined;
  variables: Variable[] = [];
  output = "";
  /** {@link failAt} for modules that report through a function. */
  readonly fail = (message: string): never => this.failAt(message);

  constructor(program: Program, context: GoContext) {
    this.program = program;
    this.context = context;
    this.template = program.name;
  }

  /** Ends the execution with Go's text for an error at the current node (exec.errorf). */
  failAt(message: string): never {
    if (!this.node) throw new GoError(`template: ${this.template}: ${message}`);
    const before = this.program.text.slice(0, this.node.at);
    const line = before.split("\n").length;
    const column = this.node.at - (before.lastIndexOf("\n") + 1);
    throw new TemplateFault(
      `template: ${this.program.name}:${line}:${column}: executing ${quote(this.template)} at <${nodeText(this.node)}>: ${message}`,
      this.node.at,
    );
  }

  /** Counts an action or a round of a loop. */
  step(): void {
    if (!this.context.budget.take(1)) this.failAt(stepsExceeded);
  }

  write(text: string): void {
    if (this.output.length + text.length > limits.output)
      this.failAt(`exceeded maximum output (${limits.output} bytes)`);
    this.output += text;
  }

  find(name: string): Variable {
    const variable = this.variables.findLast((candidate) => candidate.name === name);
    return variable ?? this.failAt(`undefined variable: ${name}`);
  }
}
