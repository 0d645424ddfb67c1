import { quote } from "../strconv/quote.ts";
import { GoScalar, type GoType } from "../values/model.ts";
import { isTrue } from "../values/truth.ts";
import { anyType, basicTypes } from "../values/types.ts";
import { conform, literalArgument, nilAs } from "./arguments.ts";
import { builtins } from "./builtins.ts";
import { findField } from "./fields.ts";
import { type Callable, callFunction, checkCount, parameterAt } from "./invoke.ts";
import {
  type ChainNode,
  type CommandNode,
  type IdentifierNode,
  type Node,
  type NumberNode,
  nodeText,
  type PipeNode,
  type VariableNode,
} from "./nodes.ts";
import { type Reflected, reflectedType, reflectedTypeOf, unwrap } from "./reflected.ts";
import { resultOf, signatureOf } from "./signature.ts";
import type { ExecutionState } from "./state.ts";

/** No argument came through the pipeline. */
const missing = Symbol("missing");
type Final = Reflected | typeof missing;

/** The words after a function's or field's name, and what comes through the pipeline. */
interface Given {
  readonly args: readonly Node[];
  readonly final: Final;
}

const nothingGiven: Given = { args: [], final: missing };

function isGiven({ args, final }: Given): boolean {
  return args.length > 0 || final !== missing;
}

/** Evaluates pipelines: the expressions of a template (the eval… half of text/template/exec.go). */
export class Evaluator {
  private readonly state: ExecutionState;

  constructor(state: ExecutionState) {
    this.state = state;
  }

  /** The value of a pipeline; declares or sets its variables. */
  pipeline(dot: Reflected, pipe: PipeNode): Reflected {
    const { state } = this;
    state.node = pipe;
    let value: Final = missing;
    for (const command of pipe.commands) {
      value = this.command(dot, command, value);
      // An interface without methods gives way to what is in it.
      if (reflectedTypeOf(value) === anyType) value = unwrap(value);
    }
    const result: Reflected = value === missing ? null : value;
    for (const { path } of pipe.declarations) {
      const name = path[0] ?? "";
      if (pipe.isAssign) state.find(name).value = result;
      else state.variables.push({ name, value: result });
    }
    return result;
  }

  private command(dot: Reflected, { args: words }: CommandNode, final: Final): Reflected {
    const [first, ...args] = words as [Node, ...Node[]];
    const given: Given = { args, final };
    switch (first.type) {
      case "field":
        this.state.node = first;
        return this.fields(dot, dot, first, first.path, given);
      case "chain":
        return this.chain(dot, first, given);
      case "identifier":
        return this.identifier(dot, first, words, given);
      case "variable":
        return this.variable(dot, first, given);
      case "pipe":
        this.refuse(first, given);
        return this.pipeline(dot, first);
      default:
        this.state.node = first;
        this.refuse(first, given);
        return this.literal(dot, first);
    }
  }

  /** What is no function takes no arguments. */
  private refuse(first: Node, given: Given): void {
    if (isGiven(given)) this.state.failAt(`can't give argument to non-function ${nodeText(first)}`);
  }

  /** A literal or the dot, where any type will do. */
  private literal(dot: Reflected, node: Node): Reflected {
    switch (node.type) {
      case "bool":
      case "string":
        return node.value;
      case "dot":
        return dot;
      case "number":
        return this.number(node);
      case "nil":
        return this.state.failAt("nil is not a command");
      default:
        return this.state.failAt(`can't evaluate command ${quote(nodeText(node))}`);
    }
  }

  /** The type that an untyped number takes (exec.idealConstant). */
  private number(node: NumberNode): Reflected {
    this.state.node = node;
    const { text, integer, float, complex } = node.number;
    if (complex) return new GoScalar(basicTypes.complex128, complex);
    const isHexInteger = /^0[xX]./.test(text) && !/[pP]/.test(text);
    if (float !== undefined && !isHexInteger && !text.startsWith("'") && /[.eEpP]/.test(text)) return float;
    return integer ?? this.state.failAt(`${text} overflows int`);
  }

  private chain(dot: Reflected, node: ChainNode, given: Given): Reflected {
    this.state.node = node;
    return this.fields(dot, this.operand(dot, node.node), node, node.path, given);
  }

  private variable(dot: Reflected, node: VariableNode, given: Given): Reflected {
    this.state.node = node;
    const [name = "", ...path] = node.path;
    const { value } = this.state.find(name);
    if (path.length > 0) return this.fields(dot, value, node, path, given);
    this.refuse(node, given);
    return value;
  }

  /** `.A.B.C`: only the last may be a method with arguments. */
  private fields(
    dot: Reflected,
    receiver: Reflected,
    node: Node,
    path: readonly string[],
    given: Given,
  ): Reflected {
    let value = receiver;
    for (const [index, name] of path.entries()) {
      const own = index === path.length - 1 ? given : nothingGiven;
      const found = findField(value, name, isGiven(own), this.state.fail);
      if (!found.bound) value = found.value;
      else {
        const { method: entry, receiver: on } = found.bound;
        value = this.invoke(dot, { kind: "method", name, entry, receiver: on }, node, own);
      }
    }
    return value;
  }

  /** A function by its name; with `words`, as a command whose errors name all of it. */
  private identifier(
    dot: Reflected,
    node: IdentifierNode,
    words: readonly Node[] | undefined,
    given: Given,
  ): Reflected {
    const { state } = this;
    const { name } = node;
    state.node = node;
    const at: Node = words ? { type: "command", at: node.at, args: words } : node;
    const own = state.program.functions.get(name);
    if (own) return this.invoke(dot, { kind: "function", name, entry: own }, at, given);
    const builtin = builtins.get(name);
    if (builtin) return this.invoke(dot, { kind: "builtin", name, entry: builtin }, at, given);
    return state.failAt(`${quote(name)} is not a defined function`);
  }

  /** Evaluates the arguments, checks them against the signature, and calls (exec.evalCall). */
  private invoke(dot: Reflected, callable: Callable, at: Node, { args, final }: Given): Reflected {
    const { state } = this;
    const signature = signatureOf(callable.entry);
    const count = args.length + (final === missing ? 0 : 1);
    checkCount(callable, signature, count, args.length, state.fail);
    resultOf(signature, callable.name, state.fail);
    if (callable.kind === "builtin" && (callable.name === "and" || callable.name === "or"))
      return this.shortCircuit(dot, callable.name, args, final);
    const values = args.map((node, index) => this.argument(dot, node, parameterAt(signature, index)));
    if (final !== missing) values.push(conform(final, parameterAt(signature, count - 1), state.fail));
    return callFunction(state, callable, at, values, args[0]);
  }

  /** `and` and `or` look no further than the argument that decides. */
  private shortCircuit(dot: Reflected, name: "and" | "or", args: readonly Node[], final: Final): Reflected {
    let value: Reflected = null;
    for (const node of args) {
      value = this.argument(dot, node, reflectedType);
      if (isTrue(unwrap(value)) === (name === "or")) return value;
    }
    return final === missing ? value : final;
  }

  /** An operand without arguments of its own, of any type. */
  private operand(dot: Reflected, node: Node): Reflected {
    this.state.node = node;
    switch (node.type) {
      case "field":
        return this.fields(dot, dot, node, node.path, nothingGiven);
      case "variable":
        return this.variable(dot, node, nothingGiven);
      case "pipe":
        return this.pipeline(dot, node);
      case "identifier":
        return this.identifier(dot, node, undefined, nothingGiven);
      case "chain":
        return this.chain(dot, node, nothingGiven);
      default:
        return this.literal(dot, node);
    }
  }

  /** An argument for a parameter of the given type (exec.evalArg). */
  private argument(dot: Reflected, node: Node, type: GoType): Reflected {
    const { state } = this;
    state.node = node;
    if (node.type === "nil") return nilAs(type, state.fail);
    const isLiteral = node.type === "bool" || node.type === "number" || node.type === "string";
    const typed = type.kind !== "interface" && type !== reflectedType;
    if (isLiteral && typed) return literalArgument(node, type, state.fail);
    return conform(this.operand(dot, node), type, state.fail);
  }
}
