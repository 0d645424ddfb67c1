/** Random numbers that a seed repeats: a linear congruential generator with the constants of glibc's rand(3). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed & 0x7fffffff;
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    this.#state = (Math.imul(this.#state, 1103515245) + 12345) & 0x7fffffff;
    // The low bits repeat soon.
    return (this.#state >>> 8) % end;
  }

  pick<T>(choices: readonly T[]): T | undefined {
    return choices[this.below(Math.max(choices.length, 1))];
  }
}
