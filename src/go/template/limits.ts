/**
 * Bounds of one execution. A template must not be able to hang the supervisor or eat its memory; where Go would go
 * on until memory ends, it fails with a clear error. Single values have bounds of their own (values/bounds.ts).
 */
export const limits = {
  /** Templates that call one another: Go's own bound (exec.maxExecDepth). */
  templateDepth: 100_000,
  /** Bytes of output. */
  output: 16 * 1024 * 1024,
} as const;
