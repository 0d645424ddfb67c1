import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    pool: "forks",
    // By default one core is left to vitest itself, which is half of a machine that has two.
    maxWorkers: "100%",
    include: ["test/**/*.test.ts"],
    // Real processes: generous upper bounds, never used as a clock.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
