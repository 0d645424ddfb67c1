// npm run build: compiles src/ into dist/. Needs no root and no apt.
import { build } from "./setup.mjs";

build();
