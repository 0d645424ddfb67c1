import { printed } from "../fmt/sprint.ts";
import { quote } from "../strconv/quote.ts";
import { typeName } from "../values/construct.ts";
import { type GoContext, GoError, GoFunc, GoPointer, type GoValue } from "../values/model.ts";
import { isTrue } from "../values/truth.ts";
import { Evaluator } from "./evaluator.ts";
import { limits } from "./limits.ts";
import { type BranchNode, type ListNode, type Node, nodeText, type TemplateNode } from "./nodes.ts";
import { roundsOf, setRangeVariables } from "./range.ts";
import { indirect, type Reflected, unwrap } from "./reflected.ts";
import { ExecutionState, type Program, type Variable } from "./state.ts";

/** A list of nodes being run. The frames are our own stack: templates nest 100000 deep, JavaScript's calls do not. */
interface Frame {
  readonly list: ListNode;
  dot: Reflected;
  next: number;
  /** How many variables to keep when the list is done, or starts over. */
  readonly scope: number;
  /** The loop that runs the list again. */
  readonly loop?: Loop;
  /** What to go back to after a `{{template}}`. */
  readonly caller?: Caller;
}

interface Loop {
  readonly node: BranchNode;
  readonly rounds: ReturnType<typeof roundsOf>;
  /** Variables to keep when the loop is over. */
  readonly outerScope: number;
}

interface Caller {
  readonly template: string;
  readonly variables: Variable[];
}

/** Runs a template's statements (the walk… half of text/template/exec.go). */
class Executor {
  private readonly state: ExecutionState;
  private readonly evaluator: Evaluator;
  private readonly frames: Frame[] = [];
  private templateDepth = 0;

  constructor(program: Program, context: GoContext) {
    this.state = new ExecutionState(program, context);
    this.evaluator = new Evaluator(this.state);
  }

  run(data: GoValue): string {
    const { state } = this;
    const root = state.program.trees.get(state.program.name);
    state.variables = [{ name: "$", value: data }];
    if (root) this.enter(root, data);
    for (;;) {
      const frame = this.frames.at(-1);
      if (!frame) return state.output;
      const node = frame.list.nodes[frame.next++];
      if (node) this.walk(frame.dot, node);
      else this.endOf(frame);
    }
  }

  private enter(list: ListNode, dot: Reflected, more: Pick<Frame, "loop" | "caller"> = {}): void {
    this.frames.push({ list, dot, next: 0, scope: this.state.variables.length, ...more });
  }

  /** The list is done: the loop's next round, or back to where it stands. */
  private endOf(frame: Frame): void {
    const { state } = this;
    state.variables.length = frame.scope;
    if (frame.loop && this.nextRound(frame, frame.loop)) return;
    this.frames.pop();
    if (frame.caller) {
      state.variables = frame.caller.variables;
      state.template = frame.caller.template;
      this.templateDepth--;
    } else state.variables.length = frame.loop?.outerScope ?? frame.scope;
  }

  private nextRound(frame: Frame, { rounds, node }: Loop): boolean {
    const round = rounds.next();
    if (round.done) return false;
    this.state.step();
    setRangeVariables(this.state, node.pipe, round.value);
    frame.dot = round.value[1];
    frame.next = 0;
    return true;
  }

  private walk(dot: Reflected, node: Node): void {
    const { state } = this;
    state.node = node;
    state.step();
    switch (node.type) {
      case "text":
        state.write(node.text);
        break;
      case "action": {
        const value = this.evaluator.pipeline(dot, node.pipe);
        if (node.pipe.declarations.length === 0) this.print(node, value);
        break;
      }
      case "if":
      case "with":
        this.branch(dot, node);
        break;
      case "range":
        this.range(dot, node);
        break;
      case "template":
        this.callTemplate(dot, node);
        break;
      case "break":
      case "continue":
        this.leaveRound(node.type);
        break;
      default:
        state.failAt(`unknown node: ${nodeText(node)}`);
    }
  }

  private print(node: Node, value: Reflected): void {
    const { state } = this;
    state.node = node;
    const shown = value instanceof GoPointer ? indirect(value).value : unwrap(value);
    if (shown === null) state.write("<no value>");
    else if (shown instanceof GoFunc)
      state.failAt(`can't print ${nodeText(node)} of type ${typeName(shown)}`);
    else state.write(this.text(shown));
  }

  private text(value: GoValue): string {
    try {
      return printed(value);
    } catch (error) {
      if (error instanceof GoError) return this.state.failAt(error.message);
      throw error;
    }
  }

  private branch(dot: Reflected, node: BranchNode): void {
    const scope = this.state.variables.length;
    const value = this.evaluator.pipeline(dot, node.pipe);
    const truth = isTrue(unwrap(value));
    const list = truth ? node.list : node.elseList;
    if (!list) this.state.variables.length = scope;
    else this.frames.push({ list, dot: truth && node.type === "with" ? value : dot, next: 0, scope });
  }

  private range(dot: Reflected, node: BranchNode): void {
    const { state } = this;
    const outerScope = state.variables.length;
    const { value } = indirect(this.evaluator.pipeline(dot, node.pipe));
    const rounds = roundsOf(state, value, node.pipe);
    this.enter(node.list, dot, { loop: { node, rounds, outerScope } });
    const frame = this.frames.at(-1) as Frame;
    if (this.nextRound(frame, frame.loop as Loop)) return;
    this.frames.pop();
    if (node.elseList) this.frames.push({ list: node.elseList, dot, next: 0, scope: outerScope });
    else state.variables.length = outerScope;
  }

  /** `break` and `continue`: the lists inside the round are over, and with `break` the loop. */
  private leaveRound(how: "break" | "continue"): void {
    for (let frame = this.frames.at(-1); frame; frame = this.frames.at(-1)) {
      if (frame.loop && how === "continue") {
        frame.next = frame.list.nodes.length;
        return;
      }
      this.frames.pop();
      if (!frame.loop) continue;
      this.state.variables.length = frame.loop.outerScope;
      return;
    }
  }

  private callTemplate(dot: Reflected, node: TemplateNode): void {
    const { state } = this;
    const tree =
      state.program.trees.get(node.name) ?? state.failAt(`template ${quote(node.name)} not defined`);
    if (this.templateDepth === limits.templateDepth)
      state.failAt(`exceeded maximum template depth (${limits.templateDepth})`);
    const data = node.pipe ? this.evaluator.pipeline(dot, node.pipe) : null;
    const caller: Caller = { template: state.template, variables: state.variables };
    this.templateDepth++;
    // No dynamic scoping: a template sees no variable of its caller.
    state.variables = [{ name: "$", value: data }];
    state.template = node.name;
    this.enter(tree, data, { caller });
  }
}

/**
 * Runs a program on its data.
 *
 * @returns the output's bytes
 * @throws GoError with Go's text
 */
export function executeProgram(program: Program, data: GoValue, context: GoContext): string {
  return new Executor(program, context).run(data);
}
