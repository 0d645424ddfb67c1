import { printed } from "../fmt/sprint.ts";
import { quote } from "../strconv/quote.ts";
import { integerOf, keyValue, scalar, typeName, typeOf } from "../values/construct.ts";
import {
  type GoContext,
  GoError,
  GoFunc,
  type GoFunctionEntry,
  GoMap,
  type GoMethod,
  GoPointer,
  GoScalar,
  GoSlice,
  type GoType,
  type GoValue,
} from "../values/model.ts";
import { sortedKeys } from "../values/sorted-keys.ts";
import { isTrue } from "../values/truth.ts";
import { anyType, basicTypes, intType } from "../values/types.ts";
import { conform, literalArgument, nilAs } from "./arguments.ts";
import { type Builtin, builtins } from "./builtins.ts";
import { findField } from "./fields.ts";
import { limits } from "./limits.ts";
import {
  type BranchNode,
  type ChainNode,
  type CommandNode,
  type IdentifierNode,
  type ListNode,
  type Node,
  type NumberNode,
  nodeText,
  type PipeNode,
  type TemplateNode,
  type VariableNode,
} from "./nodes.ts";
import type { TreeSet } from "./parser.ts";
import {
  indirect,
  itemOf,
  type Reflected,
  readAs,
  reflectedType,
  reflectedTypeOf,
  unwrap,
} from "./reflected.ts";
import { signatureOf } from "./signature.ts";

/** Everything that an execution works with. */
export interface Program {
  /** The name that error messages begin with. */
  readonly name: string;
  readonly text: string;
  readonly trees: TreeSet;
  readonly functions: ReadonlyMap<string, GoFunctionEntry>;
}

/** No argument came through the pipeline. */
const missing = Symbol("missing");
type Final = Reflected | typeof missing;

/** How a list ended. */
type Outcome = "done" | "break" | "continue";

interface Variable {
  readonly name: string;
  value: Reflected;
}

type Callable =
  | { readonly kind: "builtin"; readonly entry: Builtin }
  | { readonly kind: "function"; readonly entry: GoFunctionEntry }
  | { readonly kind: "method"; readonly entry: GoMethod; readonly receiver: GoValue };

/** Runs one template (text/template/exec.go). */
export class Executor {
  private readonly program: Program;
  private readonly context: GoContext;
  private output = "";
  private steps = 0;
  private depth = 0;
  /** The template being run, and the node that an error would name. */
  private template: string;
  private node: Node | undefined;
  private variables: Variable[] = [];
  private readonly fail = (message: string): never => this.failAt(message);

  constructor(program: Program, context: GoContext) {
    this.program = program;
    this.context = context;
    this.template = program.name;
  }

  /**
   * @returns the output's bytes
   * @throws GoError with Go's text
   */
  run(data: GoValue): string {
    const root = this.program.trees.get(this.program.name);
    this.variables = [{ name: "$", value: data }];
    if (root) this.list(data, root);
    return this.output;
  }

  private failAt(message: string): never {
    if (!this.node) throw new GoError(`template: ${this.template}: ${message}`);
    const before = this.program.text.slice(0, this.node.at);
    const line = before.split("\n").length;
    const column = this.node.at - (before.lastIndexOf("\n") + 1);
    const place = `${this.program.name}:${line}:${column}`;
    throw new GoError(
      `template: ${place}: executing ${quote(this.template)} at <${nodeText(this.node)}>: ${message}`,
    );
  }

  /** Runs a step of another module; its Go errors are errors at the current node. */
  private attempt<Result>(step: () => Result, prefix = ""): Result {
    try {
      return step();
    } catch (error) {
      if (error instanceof GoError) return this.failAt(prefix + error.message);
      throw error;
    }
  }

  private enter(): void {
    if (++this.depth > limits.depth) this.failAt(`exceeded maximum template depth (${limits.depth})`);
  }

  private step(): void {
    if (++this.steps > limits.steps) this.failAt(`exceeded maximum number of steps (${limits.steps})`);
  }

  private write(text: string): void {
    if (this.output.length + text.length > limits.output)
      this.failAt(`exceeded maximum output (${limits.output} bytes)`);
    this.output += text;
  }

  private list(dot: Reflected, list: ListNode): Outcome {
    this.enter();
    let outcome: Outcome = "done";
    for (const node of list.nodes) {
      outcome = this.walk(dot, node);
      if (outcome !== "done") break;
    }
    this.depth--;
    return outcome;
  }

  private walk(dot: Reflected, node: Node): Outcome {
    this.node = node;
    this.step();
    switch (node.type) {
      case "text":
        this.write(node.text);
        return "done";
      case "action": {
        const value = this.pipeline(dot, node.pipe);
        if (node.pipe.declarations.length === 0) this.print(node, value);
        return "done";
      }
      case "if":
      case "with":
        return this.branch(dot, node);
      case "range":
        return this.range(dot, node);
      case "template":
        this.call(dot, node);
        return "done";
      case "break":
      case "continue":
        return node.type;
      default:
        return this.failAt(`unknown node: ${nodeText(node)}`);
    }
  }

  private print(node: Node, value: Reflected): void {
    this.node = node;
    const { value: shown } = value instanceof GoPointer ? indirect(value) : { value: unwrap(value) };
    if (shown === null) this.write("<no value>");
    else if (shown instanceof GoFunc) this.failAt(`can't print ${nodeText(node)} of type ${typeName(shown)}`);
    else this.write(this.attempt(() => printed(shown)));
  }

  private branch(dot: Reflected, node: BranchNode): Outcome {
    const scope = this.variables.length;
    const value = this.pipeline(dot, node.pipe);
    let outcome: Outcome = "done";
    if (isTrue(unwrap(value))) outcome = this.list(node.type === "with" ? value : dot, node.list);
    else if (node.elseList) outcome = this.list(dot, node.elseList);
    this.variables.length = scope;
    return outcome;
  }

  private range(dot: Reflected, node: BranchNode): Outcome {
    const scope = this.variables.length;
    const { value } = indirect(this.pipeline(dot, node.pipe));
    let rounds = 0;
    const body = this.variables.length;
    for (const [key, element] of this.elementsOf(value, node.pipe)) {
      rounds++;
      this.step();
      this.setRangeVariables(node.pipe, key, element);
      const outcome = this.list(element, node.list);
      this.variables.length = body;
      if (outcome === "break") break;
    }
    const outcome = rounds === 0 && node.elseList ? this.list(dot, node.elseList) : "done";
    this.variables.length = scope;
    return outcome;
  }

  /** Keys and elements of what `range` can go through. */
  private *elementsOf(value: GoValue, pipe: PipeNode): Generator<readonly [Reflected, Reflected]> {
    const count = integerOf(value);
    if (value === null) return;
    if (value instanceof GoSlice) {
      for (let index = 0; index < value.items.length; index++) yield [BigInt(index), itemOf(value, index)];
    } else if (value instanceof GoMap) {
      for (const key of sortedKeys(value)) {
        const entry = value.entries.get(key);
        if (entry !== undefined) yield [keyValue(value, key), readAs(value.type.elem, entry)];
      }
    } else if (count !== undefined) {
      if (pipe.declarations.length > 1)
        this.failAt(`can't use ${printed(value)} to iterate over more than one variable`);
      const type = typeOf(value) ?? intType;
      for (let number = 0n; number < count; number++) yield [null, scalar(type, number)];
    } else this.failAt(`range can't iterate over ${this.attempt(() => printed(value))}`);
  }

  /** One variable gets the element; of two the first gets the index or key. */
  private setRangeVariables(pipe: PipeNode, key: Reflected, element: Reflected): void {
    const { declarations, isAssign } = pipe;
    const values = declarations.length > 1 ? [key, element] : [element];
    for (const [index, declaration] of declarations.entries()) {
      const value = values[index] ?? null;
      const name = declaration.path[0] ?? "";
      if (isAssign) this.assign(name, value);
      else {
        const variable = this.variables[this.variables.length - declarations.length + index];
        if (variable) variable.value = value;
      }
    }
  }

  private call(dot: Reflected, node: TemplateNode): void {
    const tree = this.program.trees.get(node.name);
    if (!tree) this.failAt(`template ${quote(node.name)} not defined`);
    const data = node.pipe ? this.pipeline(dot, node.pipe) : null;
    const { variables, template } = this;
    this.variables = [{ name: "$", value: data }];
    this.template = node.name;
    this.list(data, tree as ListNode);
    this.variables = variables;
    this.template = template;
  }

  private assign(name: string, value: Reflected): void {
    const variable = this.variables.findLast((candidate) => candidate.name === name);
    if (!variable) this.failAt(`undefined variable: ${name}`);
    else variable.value = value;
  }

  private pipeline(dot: Reflected, pipe: PipeNode): Reflected {
    this.node = pipe;
    this.enter();
    let value: Final = missing;
    for (const command of pipe.commands) {
      value = this.command(dot, command, value);
      // An interface without methods gives way to what is in it.
      if (reflectedTypeOf(value) === anyType) value = unwrap(value);
    }
    const result: Reflected = value === missing ? null : value;
    for (const { path } of pipe.declarations) {
      const name = path[0] ?? "";
      if (pipe.isAssign) this.assign(name, result);
      else this.variables.push({ name, value: result });
    }
    this.depth--;
    return result;
  }

  private command(dot: Reflected, command: CommandNode, final: Final): Reflected {
    const first = command.args[0] as Node;
    switch (first.type) {
      case "field":
        this.node = first;
        return this.fields(dot, dot, first, first.path, command.args, final);
      case "chain":
        return this.chain(dot, first, command.args, final);
      case "identifier":
        return this.identifier(dot, first, command, command.args, final);
      case "variable":
        return this.variable(dot, first, command.args, final);
      case "pipe":
        this.refuseArguments(command.args, final);
        return this.pipeline(dot, first);
      default:
        this.node = first;
        this.refuseArguments(command.args, final);
        return this.literal(dot, first);
    }
  }

  private refuseArguments(args: readonly Node[], final: Final): void {
    if (args.length > 1 || final !== missing)
      this.failAt(`can't give argument to non-function ${nodeText(args[0] as Node)}`);
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
        return this.failAt("nil is not a command");
      default:
        return this.failAt(`can't evaluate command ${quote(nodeText(node))}`);
    }
  }

  /** The type that an untyped number takes (exec.idealConstant). */
  private number(node: NumberNode): Reflected {
    this.node = node;
    const { text, integer, float, complex } = node.number;
    if (complex) return new GoScalar(basicTypes.complex128, complex);
    const isHexInteger = /^0[xX]./.test(text) && !/[pP]/.test(text);
    if (float !== undefined && !isHexInteger && !text.startsWith("'") && /[.eEpP]/.test(text)) return float;
    return integer ?? this.failAt(`${text} overflows int`);
  }

  private chain(dot: Reflected, node: ChainNode, args: readonly Node[], final: Final): Reflected {
    this.node = node;
    const receiver = this.operand(dot, node.node);
    return this.fields(dot, receiver, node, node.path, args, final);
  }

  private variable(dot: Reflected, node: VariableNode, args: readonly Node[], final: Final): Reflected {
    this.node = node;
    const [name = "", ...path] = node.path;
    const found = this.variables.findLast((candidate) => candidate.name === name);
    if (!found) return this.failAt(`undefined variable: ${name}`);
    if (path.length > 0) return this.fields(dot, found.value, node, path, args, final);
    this.refuseArguments(args, final);
    return found.value;
  }

  /** `.A.B.C`: only the last may be a method with arguments. */
  private fields(
    dot: Reflected,
    receiver: Reflected,
    node: Node,
    path: readonly string[],
    args: readonly Node[],
    final: Final,
  ): Reflected {
    let value = receiver;
    for (const [index, name] of path.entries()) {
      const last = index === path.length - 1;
      const own = last ? args : [];
      const hasArguments = last && (args.length > 1 || final !== missing);
      const found = findField(value, name, hasArguments, this.fail);
      if (found.bound) {
        const { method, receiver: on } = found.bound;
        const callable: Callable = { kind: "method", entry: method, receiver: on };
        value = this.invoke(dot, callable, node, name, own, last ? final : missing);
      } else value = found.value ?? null;
    }
    return value;
  }

  private identifier(
    dot: Reflected,
    node: IdentifierNode,
    at: Node,
    args: readonly Node[],
    final: Final,
  ): Reflected {
    this.node = node;
    const own = this.program.functions.get(node.name);
    const builtin = builtins.get(node.name);
    if (own) return this.invoke(dot, { kind: "function", entry: own }, at, node.name, args, final);
    if (builtin) return this.invoke(dot, { kind: "builtin", entry: builtin }, at, node.name, args, final);
    return this.failAt(`${quote(node.name)} is not a defined function`);
  }

  /** Evaluates the arguments, checks them against the signature, and calls (exec.evalCall). */
  private invoke(
    dot: Reflected,
    callable: Callable,
    at: Node,
    name: string,
    words: readonly Node[],
    final: Final,
  ): Reflected {
    const { parameters, variadic, result } = signatureOf(callable.entry);
    const args = words.slice(1);
    const given = args.length + (final === missing ? 0 : 1);
    const fixed = variadic ? parameters.length - 1 : parameters.length;
    if (variadic ? given < fixed : given !== fixed) {
      const [wanted, got] = variadic ? [`at least ${fixed}`, args.length] : [`${fixed}`, args.length];
      this.failAt(`wrong number of args for ${name}: want ${wanted} got ${got}`);
    }
    if (callable.kind === "builtin" && (name === "and" || name === "or"))
      return this.shortCircuit(dot, name, args, final);
    const parameter = (index: number): GoType =>
      parameters[Math.min(index, parameters.length - 1)] ?? anyType;
    const values = args.map((node, index) => this.argument(dot, node, parameter(index)));
    if (final !== missing) values.push(conform(final, parameter(given - 1), this.fail));
    if (callable.kind === "builtin") {
      const { entry } = callable;
      const call =
        name === "call"
          ? () => this.callValue(args[0] ? nodeText(args[0]) : printed(unwrap(values[0] ?? null)), values)
          : () => entry.call(values);
      return this.guarded(call, at, name);
    }
    const plain = values.map(unwrap);
    const value = this.guarded(
      () =>
        callable.kind === "method"
          ? callable.entry.call(callable.receiver, plain, this.context)
          : callable.entry.call(plain, this.context),
      at,
      name,
    );
    return readAs(result, value);
  }

  private guarded<Result>(call: () => Result, at: Node, name: string): Result {
    try {
      return call();
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      this.node = at;
      return this.failAt(`error calling ${name}: ${error.message}`);
    }
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

  /** The `call` of templates: a function value with arguments. */
  private callValue(name: string, [callee = null, ...args]: readonly Reflected[]): Reflected {
    const value = unwrap(callee);
    if (value === null) throw new GoError("call of nil");
    if (!(value instanceof GoFunc)) throw new GoError(`non-function ${name} of type ${typeName(value)}`);
    const { parameters, variadic, result } = signatureOf(value.entry);
    const least = variadic ? parameters.length - 1 : parameters.length;
    if (variadic ? args.length < least : args.length !== least)
      throw new GoError(
        `wrong number of args for ${name}: got ${args.length} want ${variadic ? "at least " : ""}${least}`,
      );
    const values = args.map((arg, index) => {
      const type = parameters[Math.min(index, parameters.length - 1)] ?? anyType;
      return unwrap(
        conform(unwrap(arg), type, (message) => {
          throw new GoError(`arg ${index}: ${message}`);
        }),
      );
    });
    return readAs(result, value.entry.call(values, this.context));
  }

  /** An operand without arguments of its own, of any type. */
  private operand(dot: Reflected, node: Node): Reflected {
    this.node = node;
    switch (node.type) {
      case "field":
        return this.fields(dot, dot, node, node.path, [node], missing);
      case "variable":
        return this.variable(dot, node, [], missing);
      case "pipe":
        return this.pipeline(dot, node);
      case "identifier":
        return this.identifier(dot, node, node, [], missing);
      case "chain":
        return this.chain(dot, node, [], missing);
      default:
        return this.literal(dot, node);
    }
  }

  /** An argument for a parameter of the given type (exec.evalArg). */
  private argument(dot: Reflected, node: Node, type: GoType): Reflected {
    this.node = node;
    if (node.type === "nil") return nilAs(type, this.fail);
    const isLiteral = node.type === "bool" || node.type === "number" || node.type === "string";
    const typed = type.kind !== "interface" && type !== reflectedType;
    if (isLiteral && typed) return literalArgument(node, type, this.fail);
    return conform(this.operand(dot, node), type, this.fail);
  }
}
