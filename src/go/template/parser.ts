import { quote } from "../strconv/quote.ts";
import { unquote } from "../strconv/unquote.ts";
import { GoError } from "../values/model.ts";
import { tokenize } from "./lexer.ts";
import {
  type BranchNode,
  isEmptyList,
  type ListNode,
  type Node,
  nodeText,
  type PipeNode,
  type VariableNode,
} from "./nodes.ts";
import { readNumber } from "./numbers.ts";
import { TokenReader, TokenSource } from "./token-reader.ts";
import type { Token, TokenType } from "./tokens.ts";

/** Templates by name; all come from one text. */
export type TreeSet = ReadonlyMap<string, ListNode>;

/** Which words are functions. */
export type HasFunction = (name: string) => boolean;

/** Deeper nesting of parentheses and blocks is refused: no template needs it, and the stack is finite. */
const maximumNesting = 200;

const operandStarts: ReadonlySet<TokenType> = new Set<TokenType>([
  "bool",
  "char constant",
  "complex",
  ".",
  "field",
  "identifier",
  "number",
  "nil",
  "raw string",
  "string",
  "variable",
  "left paren",
]);

const notExecutable: ReadonlySet<Node["type"]> = new Set<Node["type"]>([
  "bool",
  "dot",
  "nil",
  "number",
  "string",
]);

interface Shared {
  readonly name: string;
  readonly source: TokenSource;
  readonly hasFunction: HasFunction;
  readonly trees: Map<string, ListNode>;
}

/** Parses one definition, or the whole text (text/template/parse/parse.go). */
class Parser extends TokenReader {
  private readonly shared: Shared;
  private variables: string[] = ["$"];
  private rangeDepth = 0;
  private nesting: number;

  constructor(shared: Shared, nesting = 0) {
    super(shared.name, shared.source);
    this.shared = shared;
    this.nesting = nesting;
  }

  /** Runs a step that other packages' errors may end: they become parse errors of this line. */
  private attempt<Result>(step: () => Result): Result {
    try {
      return step();
    } catch (error) {
      if (error instanceof GoError) return this.fail(error.message);
      throw error;
    }
  }

  private nested<Result>(step: () => Result): Result {
    if (++this.nesting > maximumNesting) this.fail(`nested deeper than ${maximumNesting} levels`);
    const result = step();
    this.nesting--;
    return result;
  }

  parseText(): void {
    const root: ListNode = { type: "list", at: this.peek().at, nodes: [] };
    while (this.peek().type !== "eof") {
      if (this.peek().type === "left delimiter") {
        const delimiter = this.take();
        if (this.takeNonSpace().type === "define") {
          new Parser(this.shared, this.nesting).definition();
          continue;
        }
        this.backTo(delimiter);
      }
      const node = this.textOrAction();
      if (node.type === "end" || node.type === "else") this.fail(`unexpected ${nodeText(node)}`);
      root.nodes.push(node);
    }
    this.add(this.name, root);
  }

  private add(name: string, root: ListNode): void {
    const existing = this.shared.trees.get(name);
    if (!existing || isEmptyList(existing)) this.shared.trees.set(name, root);
    else if (!isEmptyList(root)) this.fail(`template: multiple definition of template ${quote(name)}`);
  }

  private definition(): void {
    const context = "define clause";
    const name = this.templateName(this.takeNonSpace(), context);
    this.expect("right delimiter", context);
    this.body(name, context);
  }

  /** The list up to `{{end}}`, as a template of its own. */
  private body(name: string, context: string): void {
    const [list, end] = this.itemList();
    if (end.type !== "end") this.fail(`unexpected ${nodeText(end)} in ${context}`);
    this.add(name, list);
  }

  /** Nodes up to `{{end}}` or `{{else}}`, and that one. */
  private itemList(): [ListNode, Node] {
    const list: ListNode = { type: "list", at: this.peekNonSpace().at, nodes: [] };
    while (this.peekNonSpace().type !== "eof") {
      const node = this.textOrAction();
      if (node.type === "end" || node.type === "else") return [list, node];
      list.nodes.push(node);
    }
    return this.fail("unexpected EOF");
  }

  private textOrAction(): Node {
    const token = this.takeNonSpace();
    if (token.type === "text") return { type: "text", at: token.at, text: token.text };
    if (token.type !== "left delimiter") return this.unexpected(token, "input");
    this.actionLine = token.line;
    const node = this.action();
    this.actionLine = 0;
    return node;
  }

  private action(): Node {
    const token = this.takeNonSpace();
    switch (token.type) {
      case "block":
        return this.block();
      case "break":
      case "continue":
        return this.leaveRange(token, token.type);
      case "else":
        return this.elseControl();
      case "end":
        return { type: "end", at: this.expect("right delimiter", "end").at };
      case "if":
      case "range":
      case "with":
        return this.nested(() => this.branch(token.type as BranchNode["type"]));
      case "template":
        return this.templateCall();
      default: {
        this.back();
        const { at } = this.peek();
        return { type: "action", at, pipe: this.pipeline("command", "right delimiter") };
      }
    }
  }

  private leaveRange(token: Token, type: "break" | "continue"): Node {
    const after = this.takeNonSpace();
    if (after.type !== "right delimiter") this.unexpected(after, `{{${type}}}`);
    if (this.rangeDepth === 0) this.fail(`{{${type}}} outside {{range}}`);
    return { type, at: token.at };
  }

  private elseControl(): Node {
    const next = this.peekNonSpace();
    if (next.type === "if" || next.type === "with") return { type: "else", at: next.at };
    return { type: "else", at: this.expect("right delimiter", "else").at };
  }

  private branch(type: BranchNode["type"]): BranchNode {
    const scope = this.variables.length;
    const pipe = this.pipeline(type, "right delimiter");
    if (type === "range") this.rangeDepth++;
    const [list, next] = this.itemList();
    if (type === "range") this.rangeDepth--;
    const elseList = next.type === "else" ? this.elseBranch(type, next) : undefined;
    this.variables.length = scope;
    return { type, at: pipe.at, pipe, list, elseList };
  }

  /** `{{else if x}}` is an else with an if inside that shares the end; so with `with`. */
  private elseBranch(type: BranchNode["type"], opening: Node): ListNode {
    if (type !== "range" && this.peek().type === type) {
      this.take();
      return { type: "list", at: opening.at, nodes: [this.nested(() => this.branch(type))] };
    }
    const [list, end] = this.itemList();
    if (end.type !== "end") this.fail(`expected end; found ${nodeText(end)}`);
    return list;
  }

  private templateName(token: Token, context: string): string {
    if (token.type !== "string" && token.type !== "raw string") return this.unexpected(token, context);
    return unquote(token.text) ?? this.fail("invalid syntax");
  }

  private block(): Node {
    const context = "block clause";
    const token = this.takeNonSpace();
    const name = this.templateName(token, context);
    const pipe = this.pipeline(context, "right delimiter");
    this.nested(() => new Parser(this.shared, this.nesting).body(name, context));
    return { type: "template", at: token.at, name, pipe };
  }

  private templateCall(): Node {
    const context = "template clause";
    const token = this.takeNonSpace();
    const name = this.templateName(token, context);
    if (this.takeNonSpace().type === "right delimiter")
      return { type: "template", at: token.at, name, pipe: undefined };
    this.back();
    return { type: "template", at: token.at, name, pipe: this.pipeline(context, "right delimiter") };
  }

  private pipeline(context: string, end: TokenType): PipeNode {
    const pipe: PipeNode = {
      type: "pipe",
      at: this.peekNonSpace().at,
      isAssign: false,
      declarations: [],
      commands: [],
    };
    while (this.declaration(pipe, context));
    for (;;) {
      const token = this.takeNonSpace();
      if (token.type === end) {
        this.checkPipeline(pipe, context);
        return pipe;
      }
      if (!operandStarts.has(token.type)) this.unexpected(token, context);
      this.back();
      pipe.commands.push(this.command());
    }
  }

  /** `$x :=`, `$x =` or the `$x,` of a range. @returns whether another may follow */
  private declaration(pipe: PipeNode, context: string): boolean {
    const name = this.peekNonSpace();
    if (name.type !== "variable") return false;
    this.take();
    // Space is a token: up to three are looked at, so the one right after the name is kept to be pushed back.
    const after = this.peek();
    const next = this.peekNonSpace();
    if (next.type === "assign" || next.type === "declare") {
      pipe.isAssign = next.type === "assign";
      this.takeNonSpace();
      this.declare(pipe, name);
      return false;
    }
    if (next.type === "char" && next.text === ",") {
      this.takeNonSpace();
      this.declare(pipe, name);
      if (context !== "range" || pipe.declarations.length >= 2)
        this.fail(`too many declarations in ${context}`);
      const { type } = this.peekNonSpace();
      if (type === "variable" || type === "right delimiter" || type === "right paren") return true;
      this.fail("range can only initialize variables");
    }
    if (after.type === "space") {
      this.backToBoth(name, after);
    } else this.backTo(name);
    return false;
  }

  private declare(pipe: PipeNode, name: Token): void {
    pipe.declarations.push(this.variable(name));
    this.variables.push(name.text);
  }

  private variable(token: Token): VariableNode {
    return { type: "variable", at: token.at, path: token.text.split(".") };
  }

  private checkPipeline(pipe: PipeNode, context: string): void {
    if (pipe.commands.length === 0) this.fail(`missing value for ${context}`);
    for (const [index, command] of pipe.commands.entries()) {
      const first = command.args[0];
      if (index > 0 && first && notExecutable.has(first.type))
        this.fail(`non executable command in pipeline stage ${index + 1}`);
    }
  }

  private command(): { type: "command"; at: number; args: Node[] } {
    const { at } = this.peekNonSpace();
    const args: Node[] = [];
    for (;;) {
      this.peekNonSpace();
      const operand = this.operand();
      if (operand) args.push(operand);
      const token = this.take();
      if (token.type === "space") continue;
      if (token.type === "right delimiter" || token.type === "right paren") this.back();
      else if (token.type !== "pipe") this.unexpected(token, "operand");
      break;
    }
    if (args.length === 0) this.fail("empty command");
    return { type: "command", at, args };
  }

  private operand(): Node | undefined {
    const node = this.term();
    if (!node || this.peek().type !== "field") return node;
    const { at } = this.peek();
    const path: string[] = [];
    while (this.peek().type === "field") path.push(this.take().text.slice(1));
    if (node.type === "field" || node.type === "variable")
      return { type: node.type, at, path: [...node.path, ...path] };
    if (notExecutable.has(node.type)) this.fail(`unexpected . after term ${quote(nodeText(node))}`);
    return { type: "chain", at, node, path };
  }

  private term(): Node | undefined {
    const token = this.takeNonSpace();
    const { at, text } = token;
    switch (token.type) {
      case "identifier":
        if (!this.shared.hasFunction(text)) this.fail(`function ${quote(text)} not defined`);
        return { type: "identifier", at, name: text };
      case ".":
        return { type: "dot", at };
      case "nil":
        return { type: "nil", at };
      case "variable":
        if (!this.variables.includes(text)) this.fail(`undefined variable ${quote(text)}`);
        return this.variable(token);
      case "field":
        return { type: "field", at, path: [text.slice(1)] };
      case "bool":
        return { type: "bool", at, value: text === "true" };
      case "char constant":
      case "complex":
      case "number": {
        const { type } = token;
        return { type: "number", at, number: this.attempt(() => readNumber(text, type)) };
      }
      case "left paren":
        return this.nested(() => this.pipeline("parenthesized pipeline", "right paren"));
      case "string":
      case "raw string":
        return { type: "string", at, written: text, value: unquote(text) ?? this.fail("invalid syntax") };
      default:
        this.back();
        return undefined;
    }
  }
}

/**
 * Parses a template and all that it defines.
 * @throws GoError with Go's text
 */
export function parseTrees(name: string, text: string, hasFunction: HasFunction): TreeSet {
  const tokens = tokenize(text, {
    breakIsKeyword: !hasFunction("break"),
    continueIsKeyword: !hasFunction("continue"),
  });
  const trees = new Map<string, ListNode>();
  new Parser({ name, source: new TokenSource(tokens), hasFunction, trees }).parseText();
  return trees;
}
