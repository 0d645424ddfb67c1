/** Who imports whom, file by file and snippet by snippet (`FILE:SNIPPET`), to find cycles. */
export class ImportGraph {
  readonly #targets = new Map<string, Set<string>>();

  /** Notes that `from` imports `to`; false when that closes a cycle. */
  add(from: string, to: string): boolean {
    if (from === to || this.#reaches(to, from)) return false;
    const targets = this.#targets.get(from);
    if (targets) targets.add(to);
    else this.#targets.set(from, new Set([to]));
    return true;
  }

  #reaches(start: string, goal: string): boolean {
    const seen = new Set<string>();
    const waiting = [start];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      for (const target of this.#targets.get(node) ?? []) {
        if (target === goal) return true;
        if (!seen.has(target)) {
          seen.add(target);
          waiting.push(target);
        }
      }
    }
    return false;
  }
}
