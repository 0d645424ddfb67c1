/** Lets one through at a time, in the order in which they came. A failure is its caller's and stops nobody else. */
export class Turnstile {
  #last: Promise<unknown> = Promise.resolve();

  pass<T>(action: () => T | Promise<T>): Promise<T> {
    const turn = this.#last.then(action);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
