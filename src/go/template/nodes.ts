import { quote } from "../strconv/quote.ts";
import { decodeUtf8 } from "../values/bytes.ts";
import type { NumberLiteral } from "./numbers.ts";

interface Located {
  /** Byte offset in the template, for error messages. */
  readonly at: number;
}

export interface TextNode extends Located {
  readonly type: "text";
  readonly text: string;
}
export interface ListNode extends Located {
  readonly type: "list";
  readonly nodes: Node[];
}
export interface ActionNode extends Located {
  readonly type: "action";
  readonly pipe: PipeNode;
}
export interface PipeNode extends Located {
  readonly type: "pipe";
  /** `=` rather than `:=`. */
  isAssign: boolean;
  readonly declarations: VariableNode[];
  readonly commands: CommandNode[];
}
export interface CommandNode extends Located {
  readonly type: "command";
  readonly args: readonly Node[];
}
export interface IdentifierNode extends Located {
  readonly type: "identifier";
  readonly name: string;
}
export interface VariableNode extends Located {
  readonly type: "variable";
  /** The variable's name with its `$`, then fields. */
  readonly path: readonly string[];
}
export interface FieldNode extends Located {
  readonly type: "field";
  readonly path: readonly string[];
}
export interface ChainNode extends Located {
  readonly type: "chain";
  readonly node: Node;
  readonly path: string[];
}
export interface BoolNode extends Located {
  readonly type: "bool";
  readonly value: boolean;
}
export interface NumberNode extends Located {
  readonly type: "number";
  readonly number: NumberLiteral;
}
export interface StringNode extends Located {
  readonly type: "string";
  readonly written: string;
  readonly value: string;
}
/** Nodes that are their type and nothing else. `end` and `else` only steer the parser. */
export interface BareNode extends Located {
  readonly type: "dot" | "nil" | "break" | "continue" | "end" | "else";
}
export interface BranchNode extends Located {
  readonly type: "if" | "range" | "with";
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList: ListNode | undefined;
}
export interface TemplateNode extends Located {
  readonly type: "template";
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

export type Node =
  | TextNode
  | ListNode
  | ActionNode
  | PipeNode
  | CommandNode
  | IdentifierNode
  | VariableNode
  | FieldNode
  | ChainNode
  | BoolNode
  | NumberNode
  | StringNode
  | BareNode
  | BranchNode
  | TemplateNode;

const bareTexts: Readonly<Record<BareNode["type"], string>> = {
  dot: ".",
  nil: "nil",
  break: "{{break}}",
  continue: "{{continue}}",
  end: "{{end}}",
  else: "{{else}}",
};

/** As an argument or operand: a pipeline stands in parentheses. */
function parenthesized(node: Node): string {
  return node.type === "pipe" ? `(${nodeText(node)})` : nodeText(node);
}

function pipeText(pipe: PipeNode): string {
  const names = pipe.declarations.map(nodeText).join(", ");
  const head = names === "" ? "" : `${names} ${pipe.isAssign ? "=" : ":="} `;
  return head + pipe.commands.map(nodeText).join(" | ");
}

/** The node as a template would write it (parse.Node.String): what error messages quote. */
export function nodeText(node: Node): string {
  switch (node.type) {
    case "text":
      return node.text;
    case "list":
      return node.nodes.map(nodeText).join("");
    case "action":
      return `{{${pipeText(node.pipe)}}}`;
    case "pipe":
      return pipeText(node);
    case "command":
      return node.args.map(parenthesized).join(" ");
    case "identifier":
      return node.name;
    case "variable":
      return node.path.join(".");
    case "field":
      return node.path.map((name) => `.${name}`).join("");
    case "chain":
      return parenthesized(node.node) + node.path.map((name) => `.${name}`).join("");
    case "bool":
      return String(node.value);
    case "number":
      return node.number.text;
    case "string":
      return node.written;
    case "if":
    case "range":
    case "with": {
      const rest = node.elseList ? `{{else}}${nodeText(node.elseList)}` : "";
      return `{{${node.type} ${pipeText(node.pipe)}}}${nodeText(node.list)}${rest}{{end}}`;
    }
    case "template":
      return `{{template ${quote(node.name)}${node.pipe ? ` ${pipeText(node.pipe)}` : ""}}}`;
    default:
      return bareTexts[node.type];
  }
}

/** unicode.IsSpace; JavaScript also counts the byte order mark, and not U+0085. */
const blank = /^(?:[^\S\ufeff]|\x85)*$/;

/** Whether a list is nothing but white space and comments (parse.IsEmptyTree): a later definition may replace it. */
export function isEmptyList(list: ListNode): boolean {
  return list.nodes.every((node) => node.type === "text" && blank.test(decodeUtf8(node.text)));
}
