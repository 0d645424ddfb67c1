import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    pool: "forks",
    include: ["test/**/*.test.ts"],
    // Real processes: generous upper bounds, never used as a clock.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
