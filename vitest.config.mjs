import { defineConfig } from "vitest/config";
import { watForTests } from "./scripts/wat.mjs";

export default defineConfig({
  plugins: [watForTests],
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
