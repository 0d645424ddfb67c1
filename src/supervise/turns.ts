import type { Timer } from "./ports.ts";

/** So many callbacks run before others have their turn: a start takes a millisecond or two, of a large program four. */
const mostPerTurn = 16;

interface Due {
  readonly callback: () => void;
}

/**
 * What is due, in its order, a few in each turn of the event loop. When a thousand processes end at once, their starts take
 * seconds: signals, requests and our own log are not to wait for all of them.
 */
export class Turns {
  readonly #due = new Set<Due>();
  #isScheduled = false;

  /** Calls back once, in this turn or one of the next. */
  add(callback: () => void): Timer {
    const due = { callback };
    this.#due.add(due);
    this.#schedule();
    return { cancel: () => this.#due.delete(due) };
  }

  /** Resolves when it is the caller's turn. */
  next(): Promise<void> {
    return new Promise((resolve) => this.add(resolve));
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#isScheduled = false;
    try {
      for (const due of this.#first()) {
        // One of those before it may have cancelled it.
        if (this.#due.delete(due)) due.callback();
      }
    } finally {
      // One of them may have thrown: the others go on in the next turn.
      if (this.#due.size > 0) this.#schedule();
    }
  }

  #first(): Due[] {
    const first: Due[] = [];
    for (const due of this.#due) {
      if (first.length === mostPerTurn) break;
      first.push(due);
    }
    return first;
  }
}
