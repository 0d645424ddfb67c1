import { decodeRune, encodeRune } from "../values/bytes.ts";
import { integerOf, typeName } from "../values/construct.ts";
import type { GoValue } from "../values/model.ts";
import { formatValue } from "./print-value.ts";
import { plainSpec, type Spec } from "./spec.ts";

/** Widths and precisions beyond this are not numbers to fmt. */
const largest = 1_000_000;

const flagNames: Readonly<Record<string, "plus" | "minus" | "sharp" | "space" | "zero">> = {
  "+": "plus",
  "-": "minus",
  "#": "sharp",
  " ": "space",
  "0": "zero",
};

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** `%v` takes `#` and `+` for Go syntax and field names, not as flags of the elements. */
function forVerb(spec: Spec, verb: string): Spec {
  if (verb !== "v" || !(spec.sharp || spec.plus)) return spec;
  return { ...spec, sharpV: spec.sharp, sharp: false, plusV: spec.plus, plus: false };
}

/** One call of Sprintf: the place in the format and the next operand. */
class Formatting {
  private readonly format: string;
  private readonly operands: readonly GoValue[];
  private at = 0;
  private next = 0;
  /** An explicit index (`%[2]d`) was used: then unused operands are not reported. */
  private reordered = false;
  private goodIndex = true;
  private out = "";

  constructor(format: string, operands: readonly GoValue[]) {
    this.format = format;
    this.operands = operands;
  }

  run(): string {
    while (this.at < this.format.length) {
      const percent = this.format.indexOf("%", this.at);
      const end = percent < 0 ? this.format.length : percent;
      this.out += this.format.slice(this.at, end);
      this.at = end + 1;
      if (percent >= 0) this.directive();
    }
    if (!this.reordered && this.next < this.operands.length) this.reportExtra();
    return this.out;
  }

  private directive(): void {
    const spec: Mutable<Spec> = { ...plainSpec };
    this.goodIndex = true;
    for (;;) {
      const flag = flagNames[this.format[this.at] ?? ""];
      if (flag === undefined) break;
      spec[flag] = true;
      this.at++;
    }
    let afterIndex = this.width(spec, this.index());
    if (this.format[this.at] === ".") afterIndex = this.precision(spec, afterIndex);
    if (!afterIndex) this.index();
    if (this.at >= this.format.length) {
      this.out += "%!(NOVERB)";
      return;
    }
    const { rune, size } = decodeRune(this.format, this.at);
    this.at += size;
    this.operand(spec, encodeRune(rune));
  }

  private operand(spec: Spec, verb: string): void {
    if (verb === "%") this.out += "%";
    else if (!this.goodIndex) this.out += `%!${verb}(BADINDEX)`;
    else if (this.next >= this.operands.length) this.out += `%!${verb}(MISSING)`;
    else this.out += formatValue(this.operands[this.next++] ?? null, forVerb(spec, verb), verb);
  }

  /** @returns whether an explicit index stands right before the next item */
  private width(spec: Mutable<Spec>, afterIndex: boolean): boolean {
    if (this.format[this.at] !== "*") {
      spec.width = this.number();
      if (afterIndex && spec.width !== undefined) this.goodIndex = false;
      return afterIndex;
    }
    this.at++;
    spec.width = this.numberOperand();
    if (spec.width === undefined) this.out += "%!(BADWIDTH)";
    else if (spec.width < 0) {
      spec.width = -spec.width;
      spec.minus = true;
      spec.zero = false;
    }
    return false;
  }

  private precision(spec: Mutable<Spec>, indexBefore: boolean): boolean {
    this.at++;
    if (indexBefore) this.goodIndex = false;
    const afterIndex = this.index();
    if (this.format[this.at] !== "*") {
      spec.precision = this.number() ?? 0;
      return afterIndex;
    }
    this.at++;
    spec.precision = this.numberOperand();
    if (spec.precision !== undefined && spec.precision < 0) spec.precision = undefined;
    if (spec.precision === undefined) this.out += "%!(BADPREC)";
    return false;
  }

  /** `[n]`: which operand comes next. */
  private index(): boolean {
    if (this.format[this.at] !== "[") return false;
    this.reordered = true;
    const close = this.format.indexOf("]", this.at + 1);
    if (close < 0 || this.format.length - this.at < 3) {
      this.goodIndex = false;
      this.at++;
      return false;
    }
    const text = this.format.slice(this.at + 1, close);
    this.at = close + 1;
    const position = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
    // Go stops adding digits only once the number is beyond the limit, so seven of them may still count.
    const isNumber = position <= largest * 10 + 9;
    if (isNumber && position >= 1 && position <= this.operands.length) {
      this.next = position - 1;
      return true;
    }
    this.goodIndex = false;
    return isNumber;
  }

  private number(): number | undefined {
    const digits = /[0-9]*/y;
    digits.lastIndex = this.at;
    const text = digits.exec(this.format)?.[0] ?? "";
    if (text === "") return undefined;
    if (Number(text.slice(0, -1) || "0") > largest) {
      this.at = this.format.length;
      return undefined;
    }
    this.at += text.length;
    return Number(text);
  }

  private numberOperand(): number | undefined {
    if (this.next >= this.operands.length) return undefined;
    const value = integerOf(this.operands[this.next++] ?? null);
    const number = value === undefined ? Number.NaN : Number(value);
    return Math.abs(number) <= largest ? number : undefined;
  }

  private reportExtra(): void {
    const shown = this.operands
      .slice(this.next)
      .map((value) =>
        value === null ? "<nil>" : `${typeName(value)}=${formatValue(value, plainSpec, "v")}`,
      );
    this.out += `%!(EXTRA ${shown.join(", ")})`;
  }
}

/**
 * fmt.Sprintf on bytes.
 * @example sprintf("worker-%02d", [3n]) // "worker-03"
 */
export function sprintf(format: string, operands: readonly GoValue[]): string {
  return new Formatting(format, operands).run();
}
