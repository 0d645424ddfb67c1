/**
 * Bounds of one execution. Go has only the first (100000 levels, until its stack is full); a template here must
 * not be able to hang or exhaust the supervisor, so loops and output end too.
 */
export const limits = {
  /** Templates, blocks and parentheses inside one another, whether written so or by recursion. */
  depth: 400,
  /** Actions, texts and loop rounds. */
  steps: 2_000_000,
  /** Bytes of output. */
  output: 16 * 1024 * 1024,
} as const;
