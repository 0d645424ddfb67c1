// npm run build: bundles src/ into dist/, with its types. Needs no root and no apt.
import { build } from "./setup.mjs";

await build();
