// npm test: installs what the tests need, builds, and runs them all. The last line is `N passed, N failed`.
import { installNeededPrograms } from "./needed-programs.mjs";
import { build } from "./setup.mjs";
import { runTests } from "./vitest.mjs";

installNeededPrograms();
await build();
const { failed, summary } = runTests(process.argv.slice(2));
console.log(summary);
process.exit(failed > 0 ? 1 : 0);
