// What templates cost: `npm run build && node benchmarks/template.mjs`.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sampleOptions } from "../scripts/vector-kinds.mjs";

const layer = new URL("../dist/go/template/index.js", import.meta.url);
const bin = fileURLToPath(new URL("../bin/caddy-supervisor.js", import.meta.url));

const before = performance.now();
const { executeOptions, parse } = await import(layer.href);
console.log(`import of the layer                  ${(performance.now() - before).toFixed(1)} ms`);

const options = sampleOptions(2);
const text = "--port={{ add 8000 .Replica }}";

/** Microseconds of a call, once the compiler has done its part. */
function microseconds(call, rounds = 20_000) {
  for (let round = 0; round < rounds; round++) call(round);
  const start = performance.now();
  for (let round = 0; round < rounds; round++) call(round);
  return (((performance.now() - start) / rounds) * 1000).toFixed(1);
}

console.log(`parse and execute, the text known    ${microseconds(() => executeOptions(text, options))} µs`);
// A text of its own each time: more than are kept.
console.log(
  `parse and execute, the text new      ${microseconds((round) => executeOptions(`${text}${round}`, options))} µs`,
);
const template = parse(text);
console.log(
  `execute                              ${microseconds(() => template.executeOptions(options))} µs`,
);

// What only some functions need is loaded when one of them is called.
const probe = `
import { createRequire } from "node:module";
await import(${JSON.stringify(layer.href)});
const files = Object.keys(createRequire(import.meta.url).cache);
const loaded = ["bcryptjs", "re2js"].filter((name) => files.some((file) => file.includes(name)));
if (process.moduleLoadList.includes("NativeModule crypto")) loaded.push("node:crypto");
console.log(loaded.join(" ") || "nothing");`;
const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", probe], { encoding: "utf8" });
console.log(`loaded of crypto and regex code      ${stdout.trim()}`);

const folder = mkdtempSync(join(tmpdir(), "bench-"));
const definition = { command: ["true", text], env: { NAME: "worker-{{ .Replica }}" }, replicas: 1000 };
const path = join(folder, "config.json");
writeFileSync(path, JSON.stringify({ apps: { supervisor: { supervise: [definition] } } }));
const times = Array.from({ length: 5 }, () => {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [bin, "validate", "--config", path], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - start;
});
rmSync(folder, { recursive: true });
console.log(`validate, 1,000 templated replicas   ${Math.min(...times).toFixed(0)} ms`);
